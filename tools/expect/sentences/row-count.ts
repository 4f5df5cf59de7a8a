import { defineSentence } from '../definition.ts';
import { countOf } from '../rows.ts';
import { verdict } from '../verdict.ts';

/** The noun is for the reader: why a bound or a second number in it would be judged by nobody; null without one. */
export const boundInNoun = (noun: string): string | null =>
  BOUND.test(noun)
    ? 'the number counts, and what stands behind it is not read: begin with `at least` or `at most`'
    : null;

const BOUND = /\d|\b(or|and) (more|fewer|less|none|so)\b|\b(at (least|most)|(more|fewer|less) than|up to)\b/i;

export const noRows = defineSentence({
  expression: 'no rows',
  of: 'row-count',
  means: 'the statement returns nothing',
  example: 'no rows',
  compile: () => (rowCount) => verdict(rowCount === 0, 'no rows', countOf(rowCount)),
});

export const rowCount = defineSentence({
  expression: '{count} {noun}',
  of: 'row-count',
  means: 'so many rows',
  example: '2 extensions',
  objection: (_, noun) => boundInNoun(noun),
  compile: (count) => (rowCount) => verdict(rowCount === count, countOf(count), countOf(rowCount)),
});

export const atLeastRows = defineSentence({
  expression: 'at least {count} {noun}',
  of: 'row-count',
  means: 'so many rows or more',
  example: 'at least 3 rows',
  objection: (count, noun) => (count === 0 ? 'there are always at least 0 rows' : boundInNoun(noun)),
  compile: (count) => (rowCount) =>
    verdict(rowCount >= count, `at least ${countOf(count)}`, countOf(rowCount)),
});

export const atMostRows = defineSentence({
  expression: 'at most {count} {noun}',
  of: 'row-count',
  means: 'so many rows or fewer',
  example: 'at most 10 rows',
  objection: (_, noun) => boundInNoun(noun),
  compile: (count) => (rowCount) =>
    verdict(rowCount <= count, `at most ${countOf(count)}`, countOf(rowCount)),
});

export const touchesRows = defineSentence({
  expression: 'touches {count} row(s)',
  of: 'changed-rows',
  means: 'INSERT, UPDATE or DELETE changed so many rows',
  example: 'touches 2 rows',
  compile: (count) => (rowCount) => verdict(rowCount === count, countOf(count), countOf(rowCount)),
});
