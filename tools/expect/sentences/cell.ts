import { isComparable, isSame, numberIn, parseLiteral, vacuousNegation } from '../literal.ts';
import { rowSentence } from '../row-sentence.ts';
import { watchOnly, watchWhere } from '../rows.ts';
import type { Columns } from '../sentence.ts';

export const cellIs = rowSentence({
  expression: '{column} is {value}',
  means: 'one row, and this value in that column',
  example: 'version_num is 20260301_0300',
  watch(columns, column: string, source: string) {
    const value = parseLiteral(source);
    return watchOnly(columns, column, `${column} is ${source}`, (cell, type) => isSame(value, cell, type));
  },
});

export const cellIsNot = rowSentence({
  expression: '{column} is not {value}',
  means: 'one row, and another value than this in that column',
  example: 'finished_at is not null',
  objection: (_: string, source: string) => vacuousNegation(source),
  watch(columns, column: string, source: string) {
    const value = parseLiteral(source);
    return watchOnly(
      columns,
      column,
      `${column} is not ${source}`,
      (cell, type) => isComparable(value, type) && !isSame(value, cell, type),
    );
  },
});

/** Compares as numbers: `at least` and `at most` say nothing of text. */
const bound = (words: string, holds: (cell: number, limit: number) => boolean) =>
  rowSentence({
    expression: `{column} is ${words} {number}`,
    means: `one row, and a number of ${words} this in that column`,
    example: `server_version_num is ${words} 140000`,
    watch: (columns, column: string, limit: number) =>
      watchOnly(columns, column, `${column} is ${words} ${limit}`, (cell) => holds(numberIn(cell), limit)),
  });

export const cellIsAtLeast = bound('at least', (cell, limit) => cell >= limit);
export const cellIsAtMost = bound('at most', (cell, limit) => cell <= limit);

export const cellIsWhere = rowSentence({
  expression: '{column} is {value} where {column} is {value}',
  means: 'one row has the second value, and the first stands in it',
  example: "content_count is 247 where name is 'AI Safety Research'",
  watch(columns, column: string, source: string, key: string, keySource: string) {
    const [value, keyValue] = [parseLiteral(source), parseLiteral(keySource)];
    const expected = `${column} is ${source} where ${key} is ${keyValue.text}`;
    const only = watchOnly(columns, column, expected, (cell, type) => isSame(value, cell, type));
    return watchWhere(columns, key, keyValue, expected, only);
  },
});

export const cellsEqual = rowSentence({
  expression: '{column} equals {column}',
  means: 'one row, and the same value in both columns',
  example: 'topics_with_content equals topics_with_periods',
  objection: (a: string, b: string) => (a === b ? 'a column always equals itself' : null),
  watch(columns: Columns, a: string, b: string) {
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
