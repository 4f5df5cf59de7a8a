import type { RowWatch } from './assertion.ts';
import { isSame, type Literal, show } from './literal.ts';
import type { Columns } from './subject.ts';
import { verdict } from './verdict.ts';

/** Whether a cell of PostgreSQL type `type` is as a sentence says. */
export type CellTest = (cell: string | null, type: string) => boolean;

/** Where a column stands, and its type; null where the result set has no such column. */
function columnOf(columns: Columns, name: string): { index: number; type: string } | null {
  const index = columns.findIndex((column) => column.name === name);
  const found = columns[index];
  return found ? { index, type: found.type } : null;
}

/** Whatever the rows are, a sentence that names a column that is not there is false. */
function noColumn(columns: Columns, column: string, expected: string): RowWatch {
  const actual = `no column ${column}: there are ${columns.map(({ name }) => name).join(', ')}`;
  return { see: () => undefined, verdict: () => verdict(false, expected, actual) };
}

/** Judges the only cell of a column: of no row, or of several, nothing can be said. */
export function watchOnly(columns: Columns, column: string, expected: string, test: CellTest): RowWatch {
  const found = columnOf(columns, column);
  if (!found) return noColumn(columns, column, expected);
  let rows = 0;
  let cell: string | null = null;
  return {
    see(row) {
      if (rows++ === 0) cell = row[found.index] ?? null;
    },
    verdict: () =>
      rows === 1
        ? verdict(test(cell, found.type), expected, `${column} is ${excerpt(cell)}`)
        : verdict(false, expected, `${countOf(rows)}, not one`),
  };
}

/** Judges every cell of a column. Of no rows it is false, or it could be true by accident. */
export function watchEvery(columns: Columns, column: string, expected: string, test: CellTest): RowWatch {
  const found = columnOf(columns, column);
  if (!found) return noColumn(columns, column, expected);
  let rows = 0;
  let wrong = 0;
  const first: string[] = [];
  return {
    see(row) {
      const cell = row[found.index] ?? null;
      rows++;
      if (!test(cell, found.type) && ++wrong <= 3) first.push(`${excerpt(cell)} in row ${rows}`);
    },
    verdict() {
      if (rows === 0) return verdict(false, expected, 'no rows');
      if (wrong === 0) return verdict(true, expected, `in ${countOf(rows)}`);
      return verdict(false, expected, `${column} is ${first.join(', ')}${wrong > 3 ? ', …' : ''}`);
    },
  };
}

/** Lets a watch see only the rows in which `column` has the value, for sentences with `where`. */
export function watchWhere(
  columns: Columns,
  column: string,
  value: Literal,
  expected: string,
  watch: RowWatch,
): RowWatch {
  const found = columnOf(columns, column);
  if (!found) return noColumn(columns, column, expected);
  return {
    see(row) {
      if (isSame(value, row[found.index] ?? null, found.type)) watch.see(row);
    },
    verdict: (rowCount) => watch.verdict(rowCount),
  };
}

/** Enough of a cell to see what it is: it may have megabytes. */
const MOST_SHOWN = 1000;

export function excerpt(cell: string | null): string {
  const text = show(cell);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}… (${text.length} characters)` : text;
}

export const countOf = (rows: number): string =>
  rows === 0 ? 'no rows' : rows === 1 ? '1 row' : `${rows} rows`;
