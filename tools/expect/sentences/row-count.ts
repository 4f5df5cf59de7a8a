import { countSentence } from '../row-sentence.ts';
import { countOf, verdict } from '../rows.ts';

/** The noun is for the reader; a bound or a second number in it would be heard by nobody. */
export const unheardBound = (noun: string): string | null =>
  BOUND.test(noun)
    ? 'the number counts, and what stands behind it is not read: begin with `at least` or `at most`'
    : null;

const BOUND = /\d|\b(or|and) (more|fewer|less|none|so)\b|\b(at (least|most)|(more|fewer|less) than|up to)\b/i;

export const noRows = countSentence({
  expression: 'no rows',
  means: 'the statement returns nothing',
  example: 'no rows',
  count: (rowCount) => verdict(rowCount === 0, 'no rows', countOf(rowCount)),
});

export const rowCount = countSentence({
  expression: '{count} {noun}',
  means: 'so many rows',
  example: '2 extensions',
  objection: (_: number, noun: string) => unheardBound(noun),
  count: (rowCount, count: number) => verdict(rowCount === count, countOf(count), countOf(rowCount)),
});

export const atLeastRows = countSentence({
  expression: 'at least {count} {noun}',
  means: 'so many rows or more',
  example: 'at least 3 rows',
  objection: (count: number, noun: string) =>
    count === 0 ? 'there are always at least 0 rows' : unheardBound(noun),
  count: (rowCount, count: number) =>
    verdict(rowCount >= count, `at least ${countOf(count)}`, countOf(rowCount)),
});

export const atMostRows = countSentence({
  expression: 'at most {count} {noun}',
  means: 'so many rows or fewer',
  example: 'at most 10 rows',
  objection: (_: number, noun: string) => unheardBound(noun),
  count: (rowCount, count: number) =>
    verdict(rowCount <= count, `at most ${countOf(count)}`, countOf(rowCount)),
});

export const touchesRows = countSentence({
  expression: 'touches {count} row(s)',
  means: 'INSERT, UPDATE or DELETE changed so many rows',
  example: 'touches 2 rows',
  count: (rowCount, count: number) => verdict(rowCount === count, countOf(count), countOf(rowCount)),
});
