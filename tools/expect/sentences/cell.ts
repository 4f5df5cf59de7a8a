import { defineSentence } from '../definition.ts';
import { isComparable, isSame, numberIn, parseLiteral, vacuousNegation } from '../literal.ts';
import { watchOnly, watchWhere } from '../rows.ts';

export const cellIs = defineSentence({
  expression: '{column} is {value}',
  of: 'rows',
  means: 'one row, and this value in that column',
  example: 'version_num is 20260301_0300',
  compile(column, source) {
    const value = parseLiteral(source);
    const expected = `${column} is ${source}`;
    return (columns) => watchOnly(columns, column, expected, (cell, type) => isSame(value, cell, type));
  },
});

export const cellIsNot = defineSentence({
  expression: '{column} is not {value}',
  of: 'rows',
  means: 'one row, and another value than this in that column',
  example: 'finished_at is not null',
  objection: (_, source) => vacuousNegation(source),
  compile(column, source) {
    const value = parseLiteral(source);
    return (columns) =>
      watchOnly(
        columns,
        column,
        `${column} is not ${source}`,
        (cell, type) => isComparable(value, type) && !isSame(value, cell, type),
      );
  },
});

/** Compares as numbers: `at least` and `at most` say nothing of text. */
const bound = (words: 'at least' | 'at most', holds: (cell: number, limit: number) => boolean) =>
  defineSentence({
    expression: `{column} is ${words} {number}`,
    of: 'rows',
    means: `one row, and a number of ${words} this in that column`,
    example: `server_version_num is ${words} 140000`,
    compile: (column, limit) => (columns) =>
      watchOnly(columns, column, `${column} is ${words} ${limit}`, (cell) => holds(numberIn(cell), limit)),
  });

export const cellIsAtLeast = bound('at least', (cell, limit) => cell >= limit);
export const cellIsAtMost = bound('at most', (cell, limit) => cell <= limit);

export const cellIsWhere = defineSentence({
  expression: '{column} is {value} where {column} is {value}',
  of: 'rows',
  means: 'one row has the second value, and the first stands in it',
  example: "content_count is 247 where name is 'AI Safety Research'",
  compile(column, source, key, keySource) {
    const [value, keyValue] = [parseLiteral(source), parseLiteral(keySource)];
    const expected = `${column} is ${source} where ${key} is ${keyValue.text}`;
    return (columns) => {
      const only = watchOnly(columns, column, expected, (cell, type) => isSame(value, cell, type));
      return watchWhere(columns, key, keyValue, expected, only);
    };
  },
});

export const cellsEqual = defineSentence({
  expression: '{column} equals {column}',
  of: 'rows',
  means: 'one row, and the same value in both columns',
  example: 'topics_with_content equals topics_with_periods',
  objection: (a, b) => (a === b ? 'a column always equals itself' : null),
  compile: (a, b) => (columns) => {
    const expected = `${a} equals ${b}`;
    let text: string | null = null;
    const other = watchOnly(columns, b, expected, (cell) => {
      text = cell;
      return true;
    });
    const same = watchOnly(columns, a, expected, (cell, type) =>
      text === null ? cell === null : isSame({ text, quoted: true }, cell, type),
    );
    return {
      see(row) {
        other.see(row);
        same.see(row);
      },
      verdict(rowCount) {
        const right = other.verdict(rowCount);
        if (!right.passed) return right;
        const left = same.verdict(rowCount);
        return { ...left, actual: `${left.actual}, ${right.actual}` };
      },
    };
  },
});
