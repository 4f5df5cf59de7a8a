import { isComparable, isSame, type Literal, numberIn, parseLiteral, vacuousNegation } from '../literal.ts';
import { judgeOnly, noColumn, rowsWhere } from '../rows.ts';
import { type ResultSet, sentence, type Verdict } from '../sentence.ts';

export const cellIs = sentence({
  expression: '{column} is {value}',
  of: 'rows',
  means: 'one row, and this value in that column',
  example: 'version_num is 20260301_0300',
  judge(result, column: string, source: string) {
    const value = parseLiteral(source);
    return judgeOnly(result, column, `${column} is ${source}`, (cell, type) => isSame(value, cell, type));
  },
});

export const cellIsNot = sentence({
  expression: '{column} is not {value}',
  of: 'rows',
  means: 'one row, and another value than this in that column',
  example: 'finished_at is not null',
  objection: (_: string, source: string) => vacuousNegation(source),
  judge(result, column: string, source: string) {
    const value = parseLiteral(source);
    return judgeOnly(
      result,
      column,
      `${column} is not ${source}`,
      (cell, type) => isComparable(value, type) && !isSame(value, cell, type),
    );
  },
});

/** Compares as numbers: `at least` and `at most` say nothing of text. */
const bound = (words: string, holds: (cell: number, limit: number) => boolean) =>
  sentence({
    expression: `{column} is ${words} {number}`,
    of: 'rows',
    means: `one row, and a number of ${words} this in that column`,
    example: `server_version_num is ${words} 140000`,
    judge: (result, column: string, limit: number) =>
      judgeOnly(result, column, `${column} is ${words} ${limit}`, (cell) => holds(numberIn(cell), limit)),
  });

export const cellIsAtLeast = bound('at least', (cell, limit) => cell >= limit);
export const cellIsAtMost = bound('at most', (cell, limit) => cell <= limit);

export const cellIsWhere = sentence({
  expression: '{column} is {value} where {column} is {value}',
  of: 'rows',
  means: 'one row has the second value, and the first stands in it',
  example: "content_count is 247 where name is 'AI Safety Research'",
  judge(result, column: string, source: string, key: string, keySource: string) {
    const value = parseLiteral(source);
    return inRow(result, key, parseLiteral(keySource), `${column} is ${source}`, (rows, expected) =>
      judgeOnly(rows, column, expected, (cell, type) => isSame(value, cell, type)),
    );
  },
});

function inRow(
  result: ResultSet,
  key: string,
  value: Literal,
  expected: string,
  judge: (rows: ResultSet, expected: string) => Verdict,
): Verdict {
  const whole = `${expected} where ${key} is ${value.text}`;
  const rows = rowsWhere(result, key, value);
  return rows ? judge(rows, whole) : noColumn(result, key, whole);
}

export const cellsEqual = sentence({
  expression: '{column} equals {column}',
  of: 'rows',
  means: 'one row, and the same value in both columns',
  example: 'topics_with_content equals topics_with_periods',
  objection: (a: string, b: string) => (a === b ? 'a column always equals itself' : null),
  judge(result, a: string, b: string) {
    const other = judgeOnly(result, b, `${a} equals ${b}`, () => true);
    if (!other.passed) return other;
    const text = result.rows[0]?.[result.columns.findIndex(({ name }) => name === b)] ?? null;
    const same = judgeOnly(result, a, `${a} equals ${b}`, (cell, type) =>
      text === null ? cell === null : isSame({ text, quoted: true }, cell, type),
    );
    return { ...same, actual: `${same.actual}, ${other.actual}` };
  },
});
