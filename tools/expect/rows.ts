import { isSame, type Literal, show } from './literal.ts';
import type { ResultSet, Verdict } from './sentence.ts';

/** The cells of one column with their type, or null where the result set has no such column. */
export interface Cells {
  type: string;
  cells: (string | null)[];
}

function cellsOf(result: ResultSet, column: string): Cells | null {
  const index = result.columns.findIndex(({ name }) => name === column);
  const found = result.columns[index];
  return found ? { type: found.type, cells: result.rows.map((row) => row[index] ?? null) } : null;
}

export const verdict = (passed: boolean, expected: string, actual: string): Verdict => ({
  passed,
  expected,
  actual,
});

/** The verdict where a sentence names a column that is not there: false, with the ones that are. */
export const noColumn = (result: ResultSet, column: string, expected: string): Verdict =>
  verdict(
    false,
    expected,
    `no column ${column}: there are ${result.columns.map(({ name }) => name).join(', ')}`,
  );

/** Judges the only cell of a column: of no row, or of several, nothing can be said. */
export function judgeOnly(
  result: ResultSet,
  column: string,
  expected: string,
  test: (cell: string | null, type: string) => boolean,
): Verdict {
  const found = cellsOf(result, column);
  if (!found) return noColumn(result, column, expected);
  if (found.cells.length !== 1) return verdict(false, expected, `${countOf(result.rowCount)}, not one`);
  const cell = found.cells[0] ?? null;
  return verdict(test(cell, found.type), expected, `${column} is ${show(cell)}`);
}

/** Judges every cell of a column. Of no rows it is false, or it could be true by accident. */
export function judgeEvery(
  result: ResultSet,
  column: string,
  expected: string,
  test: (cell: string | null, type: string) => boolean,
): Verdict {
  const found = cellsOf(result, column);
  if (!found) return noColumn(result, column, expected);
  if (found.cells.length === 0) return verdict(false, expected, 'no rows');
  const wrong = found.cells.map((cell, row) => ({ cell, row })).filter(({ cell }) => !test(cell, found.type));
  if (wrong.length === 0) return verdict(true, expected, `in ${countOf(found.cells.length)}`);
  const first = wrong.slice(0, 3).map(({ cell, row }) => `${show(cell)} in row ${row + 1}`);
  return verdict(false, expected, `${column} is ${first.join(', ')}${wrong.length > 3 ? ', …' : ''}`);
}

/** The rows in which `column` has the value, for sentences with `where`. */
export function rowsWhere(result: ResultSet, column: string, literal: Literal): ResultSet | null {
  const found = cellsOf(result, column);
  if (!found) return null;
  const rows = result.rows.filter((_, i) => isSame(literal, found.cells[i] ?? null, found.type));
  return { ...result, rows, rowCount: rows.length };
}

export const countOf = (rows: number): string =>
  rows === 0 ? 'no rows' : rows === 1 ? '1 row' : `${rows} rows`;
