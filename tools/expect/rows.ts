import type { RowWatch } from './assertion.ts';
import { show } from './literal.ts';
import type { Columns } from './subject.ts';
import { verdict } from './verdict.ts';

/** Whether a cell of PostgreSQL type `type` is as a sentence says. */
export type CellTest = (cell: string | null, type: string) => boolean;

/** Where a column stands, and its type; or in words why nobody can say which column is meant. */
export function columnOf(columns: Columns, name: string): { index: number; type: string } | string {
  const named = columns.filter((column) => column.name === name);
  const [found] = named;
  if (!found) return `no column ${name}: there are ${columns.map((column) => column.name).join(', ')}`;
  if (named.length === 1) return { index: columns.indexOf(found), type: found.type };
  return `${named.length} columns are called ${name}: give each a name of its own, with AS`;
}

/** Whatever the rows are, a sentence that names a column that is not there, or that is two, is false. */
export const noColumn = (why: string, expected: string): RowWatch => ({
  see: () => undefined,
  verdict: () => verdict(false, expected, why),
});

/** Judges the only cell of a column: of no row, or of several, nothing can be said. */
export function watchOnly(columns: Columns, column: string, expected: string, test: CellTest): RowWatch {
  const found = columnOf(columns, column);
  if (typeof found === 'string') return noColumn(found, expected);
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
  if (typeof found === 'string') return noColumn(found, expected);
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

/** Judges the only cell of the only column. */
export function watchSole(columns: Columns, expected: string, test: CellTest): RowWatch {
  const [only] = columns;
  if (!only || columns.length > 1) return noColumn(`${columns.length} columns, not one`, expected);
  return watchOnly(columns, only.name, expected, test);
}

/** Judges how many cells of a column are as a sentence says. */
export function watchCount(
  columns: Columns,
  column: string,
  test: CellTest,
  expected: string,
  enough: (count: number) => boolean,
): RowWatch {
  const found = columnOf(columns, column);
  if (typeof found === 'string') return noColumn(found, expected);
  let rows = 0;
  let count = 0;
  return {
    see(row) {
      rows++;
      if (test(row[found.index] ?? null, found.type)) count++;
    },
    verdict: () => verdict(enough(count), expected, `it is so of ${count} of ${countOf(rows)}`),
  };
}

/** Lets a watch see only the rows whose cell in `column` is as the test says, for sentences with `where`. */
export function watchWhere(
  columns: Columns,
  column: string,
  test: CellTest,
  expected: string,
  watch: RowWatch,
): RowWatch {
  const found = columnOf(columns, column);
  if (typeof found === 'string') return noColumn(found, expected);
  return {
    see(row) {
      if (test(row[found.index] ?? null, found.type)) watch.see(row);
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
