import { show } from '../expect/literal.ts';
import { isNumeric } from '../expect/numeric.ts';
import { count } from '../text/count.ts';
import type { StatementResult } from './output.ts';

/** Characters of one table. A single long cell makes every line of it as long. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/**
 * A result set as psql prints it, without the blank line after: what a `text` fence is compared with. Of the rows,
 * `rows` stand in it: those that were kept, or as many of them as a table of bounded size holds.
 */
export function psqlTable({ columns, rows, rowCount, command }: StatementResult): {
  text: string;
  rows: number;
} {
  if (columns.length === 0) return { text: command, rows: 0 };
  // Of each cell, its lines.
  const cells = rows.map((row) => row.map((cell) => (cell === null ? [''] : show(cell).split('\n'))));
  const widths = columns.map(({ name }, i) =>
    cells.reduce((width, row) => (row[i] ?? []).reduce(widest, width), name.length),
  );
  const width = widths.reduce((sum, one) => sum + one + 3, 0);
  const most = Math.floor(MOST_CHARACTERS / width);
  const pad = (text: string, i: number) =>
    isNumeric(columns[i]?.type ?? '') ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0);
  const body: string[] = [];
  let shown = 0;
  for (const row of cells) {
    const height = row.reduce((most, { length }) => Math.max(most, length), 0);
    if (body.length + height > most) break;
    for (let line = 0; line < height; line++) body.push(lineOf(row, line, pad));
    shown++;
  }
  const head = columns.map(({ name }, i) => center(name, widths[i] ?? 0));
  const rule = widths.map((one) => '-'.repeat(one + 2)).join('+');
  const text = [` ${head.join(' | ')}`.trimEnd(), rule, ...body, footOf(rowCount)].join('\n');
  return { text, rows: shown };
}

const widest = (width: number, { length }: string): number => Math.max(width, length);

/** A line of a row: behind each of its cells that goes on in the next one stands a plus. */
const lineOf = (row: string[][], line: number, pad: (text: string, i: number) => string): string =>
  row
    .map((cell, i) => ` ${pad(cell[line] ?? '', i)}${line < cell.length - 1 ? '+' : ' '}`)
    .join('|')
    .trimEnd();

/** The same as `psql --no-align` prints it. */
export function unalignedTable({ columns, rows, rowCount, command }: StatementResult): {
  text: string;
  rows: number;
} {
  if (columns.length === 0) return { text: command, rows: 0 };
  const lines = [columns.map(({ name }) => name).join('|')];
  let room = MOST_CHARACTERS;
  for (const row of rows) {
    const line = row.map((cell) => cell ?? '').join('|');
    room -= line.length + 1;
    if (room < 0) break;
    lines.push(line);
  }
  const shown = lines.length - 1;
  return { text: [...lines, footOf(rowCount)].join('\n'), rows: shown };
}

const footOf = (rowCount: number) => `(${count(rowCount, 'row')})`;

/** What psql prints of a statement that is done: `INSERT 0 1`, `CREATE TABLE`; of a query, nothing. */
export function commandTag({ command, columns, rowCount }: StatementResult): string | null {
  if (command === 'INSERT') return `INSERT 0 ${rowCount}`;
  if (/^(UPDATE|DELETE|MERGE|COPY|MOVE)$/.test(command)) return `${command} ${rowCount}`;
  if (columns.length > 0 || command === '') return null;
  return command === 'SELECT' ? `SELECT ${rowCount}` : command;
}

function center(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return text.padStart(text.length + left).padEnd(width);
}
