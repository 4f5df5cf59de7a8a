import { isComparable, isSame, numberIn, parseLiteral, vacuousNegation } from '../literal.ts';
import { rowSentence } from '../row-sentence.ts';
import { watchEvery } from '../rows.ts';

export const everyIs = rowSentence({
  expression: 'every {column} is {value}',
  means: 'at least one row, and this value in that column of each',
  example: 'every current_period_number is 0',
  watch(columns, column: string, source: string) {
    const value = parseLiteral(source);
    return watchEvery(columns, column, `every ${column} is ${source}`, (cell, type) =>
      isSame(value, cell, type),
    );
  },
});

export const everyIsNot = rowSentence({
  expression: 'every {column} is not {value}',
  means: 'at least one row, and another value than this in that column of each',
  example: 'every last_period_id is not null',
  objection: (_: string, source: string) => vacuousNegation(source),
  watch(columns, column: string, source: string) {
    const value = parseLiteral(source);
    return watchEvery(
      columns,
      column,
      `every ${column} is not ${source}`,
      (cell, type) => isComparable(value, type) && !isSame(value, cell, type),
    );
  },
});

const bound = (words: string, holds: (cell: number, limit: number) => boolean) =>
  rowSentence({
    expression: `every {column} is ${words} {number}`,
    means: `at least one row, and a number of ${words} this in that column of each`,
    example: `every content_count is ${words} 1`,
    watch: (columns, column: string, limit: number) =>
      watchEvery(columns, column, `every ${column} is ${words} ${limit}`, (cell) =>
        holds(numberIn(cell), limit),
      ),
  });

export const everyIsAtLeast = bound('at least', (cell, limit) => cell >= limit);
export const everyIsAtMost = bound('at most', (cell, limit) => cell <= limit);
