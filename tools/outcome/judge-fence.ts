import type { Expectation } from '../document/document.ts';
import { notCompared } from '../expect/judge-rows.ts';
import { type Comparison, compareOutput } from '../expect/pattern.ts';
import { tooMuch } from '../expect/sentences/printed.ts';
import type { ExpectationOutcome } from './outcome.ts';
import type { Output } from './output.ts';
import { psqlTable } from './table.ts';

export type OutputFence = Extract<Expectation, { kind: 'output' }>;

/** An output fence is called by its first line that says something. */
export function fenceName({ lines }: OutputFence): string {
  const first = lines.find((line) => line.trim() !== '' && line.trim() !== '...') ?? 'nothing';
  return `output: ${first.trim()}`;
}

/** Compares what was printed with a fence; `captured` is what its `<name>`s stood for. */
export function judgeFence(
  fence: OutputFence,
  output: Output,
): { outcome: ExpectationOutcome; captured: Comparison['captured'] } {
  const { lines, compiled, body } = fence;
  const [text, expected] = [fenceName(fence), lines.join('\n')];
  if ('invalid' in compiled) {
    const line = body.line + compiled.invalid;
    const actual =
      compiled.why === 'no-regex'
        ? 'the fence has a regular expression that is none'
        : 'the line ends in (?), (*) or (+): write (equal?), or (equal) for the text itself';
    return { outcome: { text, line, status: 'failed', expected, actual }, captured: {} };
  }
  const printed = printedText(output);
  const { passed, wrong, rows, captured } = compareOutput(compiled.patterns, printed.text);
  const outcome: ExpectationOutcome = {
    text,
    line: body.line + (wrong ?? 0),
    status: passed && printed.missing === null ? 'passed' : 'failed',
    expected,
    actual: printed.missing === null ? printed.text : `${printed.missing}\n${printed.text}`,
    lines: rows,
  };
  return { outcome, captured };
}

/** What a fence is compared with; `missing` says in words that it is not all, and then no fence fits it. */
function printedText(output: Output): { text: string; missing: string | null } {
  if (output.kind === 'shell') {
    return { text: output.stdout.text, missing: output.stdout.truncated ? tooMuch(output.stdout) : null };
  }
  const tables = output.results
    .filter(({ columns }) => columns.length > 0)
    .map((result) => ({ result, table: psqlTable(result) }));
  const cut = tables.find(({ result, table }) => result.truncated || table.rows < result.rows.length);
  return {
    text: tables.map(({ table }) => `${table.text}\n`).join('\n'),
    missing: cut ? notCompared(cut.table.rows, cut.result.rowCount) : null,
  };
}
