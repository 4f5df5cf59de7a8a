import type { RowWatch } from './assertion.ts';
import type { CompiledSentence } from './definition.ts';
import { isSame, type Literal, parseLiteral } from './literal.ts';
import { columnOf, countOf, excerpt, noColumn } from './rows.ts';
import type { Columns, Row } from './subject.ts';
import { verdict } from './verdict.ts';

/** What a cell of the table must be; null where it may be anything. */
type Cells = (Literal | null)[];

/** A row of the table, or any rows, which a row of nothing but `...` stands for. */
type Line = { cells: Cells; source: string } | 'any';

/**
 * A Markdown table as a sentence about rows: the columns that its head names hold these cells, row by row, in this
 * order. `...` is any cell; a row of them is any rows. An empty cell is null or the empty text.
 */
export function compileTable(head: string[], body: string[][]): CompiledSentence<'rows'> {
  const lines = body.map((row): Line => {
    const cells = head.map((_, i) => cellOf(row[i] ?? ''));
    return cells.every((cell) => cell === null) ? 'any' : { cells, source: row.join(', ') };
  });
  const names = head.map((name) => parseLiteral(name).text);
  return {
    expression: 'a table',
    assertion: { of: 'rows', judge: (columns) => watchTable(columns, names, lines) },
    objection: lines.length > 0 && lines.every((line) => line === 'any') ? 'any rows would do' : null,
  };
}

const cellOf = (text: string): Literal | null => (/^(\.\.\.|…)$/.test(text) ? null : parseLiteral(text));

/** What a table is called. */
export const tableName = (head: string[], body: string[][]): string =>
  `table: ${head.join(', ')} (${countOf(body.length)})`;

function watchTable(columns: Columns, names: string[], lines: Line[]): RowWatch {
  const found = names.map((name) => columnOf(columns, name));
  const missing = found.find((one) => typeof one === 'string');
  const expected = lines.map((line) => (line === 'any' ? '...' : line.source)).join('\n');
  if (missing !== undefined) return noColumn(missing as string, expected);
  const places = found as { index: number; type: string }[];
  const fits = (line: Line | undefined, row: Row): boolean =>
    line !== undefined &&
    (line === 'any' ||
      places.every(({ index, type }, i) => isCell(line.cells[i] ?? null, row[index] ?? null, type)));
  // The lines that may come next, as many ways to read the rows so far there are.
  let next = skipping(lines, new Set([0]));
  let rows = 0;
  let wrong: string | null = null;
  return {
    see(row) {
      rows++;
      if (wrong !== null) return;
      const after = new Set(
        [...next].filter((i) => fits(lines[i], row)).map((i) => (lines[i] === 'any' ? i : i + 1)),
      );
      if (after.size === 0) {
        const cells = places.map(({ index }) => excerpt(row[index] ?? null)).join(', ');
        wrong = `row ${rows} is ${cells}`;
      } else next = skipping(lines, after);
    },
    verdict() {
      if (wrong !== null) return verdict(false, expected, wrong);
      const whole = next.has(lines.length);
      return verdict(whole, expected, whole ? countOf(rows) : `${countOf(rows)}, and then no more`);
    },
  };
}

/** With each place before `any`, the one behind it, too: it may stand for no rows. */
function skipping(lines: Line[], places: Set<number>): Set<number> {
  const all = new Set(places);
  for (const place of all) if (lines[place] === 'any') all.add(place + 1);
  return all;
}

const isCell = (literal: Literal | null, cell: string | null, type: string): boolean =>
  literal === null ||
  (literal.text === '' && !literal.quoted ? (cell ?? '') === '' : isSame(literal, cell, type));
