import { show } from '../expect/literal.ts';
import type { StatementResult } from './output.ts';

const NUMBERS = new Set(['int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'numeric']);

/** A result set as psql prints it, without the blank line after: what a `text` fence is compared with. */
export function psqlTable({ columns, rows, rowCount, command }: StatementResult): string {
  if (columns.length === 0) return command;
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '' : show(cell))));
  const widths = columns.map(({ name }, i) =>
    Math.max(name.length, ...cells.map((row) => row[i]?.length ?? 0)),
  );
  const head = columns.map(({ name }, i) => center(name, widths[i] ?? 0));
  const body = cells.map((row) =>
    row.map((cell, i) =>
      NUMBERS.has(columns[i]?.type ?? '') ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
    ),
  );
  const lines = [head, ...body].map((row) => ` ${row.join(' | ')} `.trimEnd());
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  return [lines[0], rule, ...lines.slice(1), `(${rowCount} row${rowCount === 1 ? '' : 's'})`].join('\n');
}

function center(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return text.padStart(text.length + left).padEnd(width);
}
