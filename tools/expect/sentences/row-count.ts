import { countOf, verdict } from '../rows.ts';
import { sentence } from '../sentence.ts';

export const noRows = sentence({
  expression: 'no rows',
  of: 'rows',
  means: 'the statement returns nothing',
  example: 'no rows',
  judge: ({ rowCount }) => verdict(rowCount === 0, 'no rows', countOf(rowCount)),
});

export const rowCount = sentence({
  expression: '{count} {noun}',
  of: 'rows',
  means: 'so many rows',
  example: '2 extensions',
  judge: ({ rowCount }, count: number) => verdict(rowCount === count, countOf(count), countOf(rowCount)),
});

export const atLeastRows = sentence({
  expression: 'at least {count} {noun}',
  of: 'rows',
  means: 'so many rows or more',
  example: 'at least 3 rows',
  objection: (count: number) => (count === 0 ? 'there are always at least 0 rows' : null),
  judge: ({ rowCount }, count: number) =>
    verdict(rowCount >= count, `at least ${countOf(count)}`, countOf(rowCount)),
});

export const atMostRows = sentence({
  expression: 'at most {count} {noun}',
  of: 'rows',
  means: 'so many rows or fewer',
  example: 'at most 10 rows',
  judge: ({ rowCount }, count: number) =>
    verdict(rowCount <= count, `at most ${countOf(count)}`, countOf(rowCount)),
});

export const touchesRows = sentence({
  expression: 'touches {count} row(s)',
  of: 'rows',
  means: 'INSERT, UPDATE or DELETE changed so many rows',
  example: 'touches 2 rows',
  judge: ({ rowCount }, count: number) => verdict(rowCount === count, countOf(count), countOf(rowCount)),
});
