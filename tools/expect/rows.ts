import type { RowWatch } from './assertion.ts';
import { show } from './literal.ts';
import type { Columns } from './subject.ts';
import { verdict } from './verdict.ts';

/** Whether a cell of PostgreSQL type `type` is as a sentence says. */
export type CellTest = (cell: string | null, type: string) => boolean;

/** What a sentence says of a cell, and where it says nothing. */
export interface CellCondition {
  holds: CellTest;
  /** Whether nobody can say if it is so of a cell, such as of a text whether it is more than 3. */
  isOpen?: (cell: string | null) => boolean;
  /** Why it says nothing of any cell of a type, in words; null where it does. */
  misfit?: (type: string) => string | null;
}

/** Where a column stands, and its type; or in words why nobody can say which column is meant. */
export function columnOf(columns: Columns, name: string): { index: number; type: string } | string {
  const named = columns.filter((column) => column.name === name);
  const [found] = named;
  if (!found) return `no column ${name}: there are ${columns.map((column) => column.name).join(', ')}`;
  if (named.length === 1) return { index: columns.indexOf(found), type: found.type };
  return `${named.length} columns are called ${name}: give each a name of its own, with AS`;
}

/** As columnOf; a column whose cells the condition says nothing of is none that is meant. */
function columnFor(
  columns: Columns,
  name: string,
  { misfit }: CellCondition,
): { index: number; type: string } | string {
  const found = columnOf(columns, name);
  const why = typeof found === 'string' ? null : (misfit?.(found.type) ?? null);
  return why === null ? found : `${name}: ${why}`;
}

/** Whatever the rows are, a sentence that names a column that is not there, or that is two, is false. */
export const noColumn = (why: string, expected: string): RowWatch => ({
  see: () => undefined,
  verdict: () => verdict(false, expected, why),
});

/** Judges the only cell of a column: of no row, or of several, nothing can be said. */
export function watchOnly(
  columns: Columns,
  column: string,
  expected: string,
  condition: CellCondition,
): RowWatch {
  const found = columnFor(columns, column, condition);
  if (typeof found === 'string') return noColumn(found, expected);
  let rows = 0;
  let cell: string | null = null;
  return {
    see(row) {
      if (rows++ === 0) cell = row[found.index] ?? null;
    },
    verdict: () =>
      rows === 1
        ? verdict(condition.holds(cell, found.type), expected, `${column} is ${excerpt(cell)}`)
        : verdict(false, expected, `${countOf(rows)}, not one`),
  };
}

/** Judges every cell of a column. Of no rows it is false, or it could be true by accident. */
export function watchEvery(
  columns: Columns,
  column: string,
  expected: string,
  condition: CellCondition,
): RowWatch {
  const found = columnFor(columns, column, condition);
  if (typeof found === 'string') return noColumn(found, expected);
  let rows = 0;
  let wrong = 0;
  const first: string[] = [];
  return {
    see(row) {
      const cell = row[found.index] ?? null;
      rows++;
      if (!condition.holds(cell, found.type) && ++wrong <= 3) first.push(`${excerpt(cell)} in row ${rows}`);
    },
    verdict() {
      if (rows === 0) return verdict(false, expected, 'no rows');
      if (wrong === 0) return verdict(true, expected, `in ${countOf(rows)}`);
      return verdict(false, expected, `${column} is ${first.join(', ')}${wrong > 3 ? ', …' : ''}`);
    },
  };
}

/** Judges the only cell of the only column. */
export function watchSole(columns: Columns, expected: string, condition: CellCondition): RowWatch {
  const [only] = columns;
  if (!only || columns.length > 1) return noColumn(`${columns.length} columns, not one`, expected);
  return watchOnly(columns, only.name, expected, condition);
}

/** Judges how many cells of a column are as a sentence says. */
export function watchCount(
  columns: Columns,
  column: string,
  condition: CellCondition,
  expected: string,
  enough: (count: number) => boolean,
): RowWatch {
  const found = columnFor(columns, column, condition);
  if (typeof found === 'string') return noColumn(found, expected);
  let rows = 0;
  let count = 0;
  const open = openCells(column, condition);
  return {
    see(row) {
      const cell = row[found.index] ?? null;
      rows++;
      open.see(cell);
      if (condition.holds(cell, found.type)) count++;
    },
    // Those that may be so or not are counted in neither way alone: what is said must be true in both.
    verdict: () =>
      verdict(
        enough(count) && enough(count + open.count),
        expected,
        `it is so of ${count} of ${countOf(rows)}${open.words}`,
      ),
  };
}

/** Counts the cells of which nobody can say whether they are as a condition says. */
function openCells(column: string, { isOpen = () => false }: CellCondition) {
  let count = 0;
  let first = '';
  return {
    see(cell: string | null) {
      if (isOpen(cell) && ++count === 1) first = excerpt(cell);
    },
    get count() {
      return count;
    },
    get words() {
      return count === 0 ? '' : `, and nobody can say it of ${count}, such as where ${column} is “${first}”`;
    },
  };
}

/** Lets a watch see only the rows whose cell in `column` is as the test says, for sentences with `where`. */
export function watchWhere(
  columns: Columns,
  column: string,
  condition: CellCondition,
  expected: string,
  watch: RowWatch,
): RowWatch {
  const found = columnFor(columns, column, condition);
  if (typeof found === 'string') return noColumn(found, expected);
  const open = openCells(column, condition);
  return {
    see(row) {
      const cell = row[found.index] ?? null;
      open.see(cell);
      if (condition.holds(cell, found.type)) watch.see(row);
    },
    verdict(rowCount) {
      const { passed, actual } = watch.verdict(rowCount);
      return verdict(passed && open.count === 0, expected, `${actual}${open.words}`);
    },
  };
}

/** Enough of a cell to see what it is: it may have megabytes. */
const MOST_SHOWN = 1000;

/** A cell that holds the word null is written as a sentence writes it: in quotes. */
export function excerpt(cell: string | null): string {
  const text = cell !== null && /^null$/i.test(cell) ? `"${cell}"` : show(cell);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}… (${text.length} characters)` : text;
}

export const countOf = (rows: number): string =>
  rows === 0 ? 'no rows' : rows === 1 ? '1 row' : `${rows} rows`;
