import { defineSentence } from '../definition.ts';
import { isComparable, isSame, numberIn, parseLiteral, vacuousNegation } from '../literal.ts';
import { watchEvery } from '../rows.ts';

export const everyIs = defineSentence({
  expression: 'every {column} is {value}',
  of: 'rows',
  means: 'at least one row, and this value in that column of each',
  example: 'every current_period_number is 0',
  compile(column, source) {
    const value = parseLiteral(source);
    const expected = `every ${column} is ${source}`;
    return (columns) => watchEvery(columns, column, expected, (cell, type) => isSame(value, cell, type));
  },
});

export const everyIsNot = defineSentence({
  expression: 'every {column} is not {value}',
  of: 'rows',
  means: 'at least one row, and another value than this in that column of each',
  example: 'every last_period_id is not null',
  objection: (_, source) => vacuousNegation(source),
  compile(column, source) {
    const value = parseLiteral(source);
    return (columns) =>
      watchEvery(
        columns,
        column,
        `every ${column} is not ${source}`,
        (cell, type) => isComparable(value, type) && !isSame(value, cell, type),
      );
  },
});

const bound = (words: 'at least' | 'at most', holds: (cell: number, limit: number) => boolean) =>
  defineSentence({
    expression: `every {column} is ${words} {number}`,
    of: 'rows',
    means: `at least one row, and a number of ${words} this in that column of each`,
    example: `every content_count is ${words} 1`,
    compile: (column, limit) => (columns) =>
      watchEvery(columns, column, `every ${column} is ${words} ${limit}`, (cell) =>
        holds(numberIn(cell), limit),
      ),
  });

export const everyIsAtLeast = bound('at least', (cell, limit) => cell >= limit);
export const everyIsAtMost = bound('at most', (cell, limit) => cell <= limit);
