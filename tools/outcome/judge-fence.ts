import type { Expectation } from '../document/document.ts';
import { notCompared } from '../expect/judge-rows.ts';
import { type Comparison, compareOutput, OutOfTime } from '../expect/pattern.ts';
import type { PatternLine } from '../expect/pattern-line.ts';
import { tooMuch } from '../expect/sentences/printed.ts';
import type { ExpectationOutcome } from './outcome.ts';
import type { Output, SqlOutput } from './output.ts';
import { commandTag, psqlTable, unalignedTable } from './table.ts';

export type OutputFence = Extract<Expectation, { kind: 'output' }>;

/** An output fence is called by its first line that says something. */
export function fenceName({ lines }: OutputFence): string {
  const first = lines.find((line) => line.trim() !== '' && line.trim() !== '...') ?? 'nothing';
  return `output: ${first.trim()}`;
}

/** Compares what was printed with a fence, until `isOver`; `captured` is what its `<name>`s stood for. */
export function judgeFence(
  fence: OutputFence,
  output: Output,
  isOver: () => boolean,
): { outcome: ExpectationOutcome; captured: Comparison['captured'] } {
  const { lines, compiled, body } = fence;
  const [text, expected] = [fenceName(fence), lines.join('\n')];
  if ('invalid' in compiled) {
    const line = body.line + compiled.invalid;
    const actual =
      compiled.why === 'ambiguous'
        ? 'the line ends in (?), (*) or (+): write (equal?), or (equal) for the text itself'
        : `the fence has a regular expression that cannot be read: ${compiled.why}`;
    return { outcome: { text, line, status: 'failed', expected, actual }, captured: {} };
  }
  const nearest = nearestInTime(compiled.patterns, printedTexts(output, lines), isOver);
  if (!nearest) {
    const actual = 'comparing the output took longer than the block’s timeout: expect or print less';
    return { outcome: { text, line: body.line, status: 'failed', expected, actual }, captured: {} };
  }
  const [printed, { passed, wrong, rows, captured }] = nearest;
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

/** Null where time is over before that is done. */
function nearestInTime(...args: Parameters<typeof nearestOf>): ReturnType<typeof nearestOf> | null {
  try {
    return nearestOf(...args);
  } catch (error) {
    if (error instanceof OutOfTime) return null;
    throw error;
  }
}

/** Of what was printed, in each of its forms, the one that a fence fits, or differs from least. */
export function printedFor(patterns: PatternLine[], { lines }: OutputFence, output: Output): PrintedText {
  return nearestOf(patterns, printedTexts(output, lines), () => false)[0];
}

/** A text that a fence is compared with; `missing` says in words that it is not all, and then no fence fits it. */
interface PrintedText {
  text: string;
  missing: string | null;
}

/** The first of the texts that the fence fits; where it fits none, the one from which it differs least. */
function nearestOf(
  patterns: PatternLine[],
  texts: Iterable<PrintedText>,
  isOver: () => boolean,
): [PrintedText, Comparison] {
  let best: [PrintedText, Comparison] | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const printed of texts) {
    const compared = compareOutput(patterns, printed.text, isOver);
    const fits = compared.passed && printed.missing === null;
    const differences = fits ? 0 : 1 + compared.rows.filter(({ same }) => !same).length;
    if (differences < fewest) [best, fewest] = [[printed, compared], differences];
    if (fits) break;
  }
  return best as [PrintedText, Comparison];
}

/** Whether a fence quotes an error, which psql prints where PostgreSQL refuses a statement. */
export const quotesError = ({ lines }: OutputFence): boolean => lines.some((line) => ERROR.test(line));

const ERROR = /^ERROR:( +)/;

/** What was printed; of SQL, each of the ways in which psql prints it. */
function* printedTexts(output: Output, lines: string[]): Generator<PrintedText> {
  if (output.kind === 'shell') {
    yield { text: output.stdout.text, missing: output.stdout.truncated ? tooMuch(output.stdout) : null };
    return;
  }
  // A rule below the head is of the aligned form only; command tags are left out by `psql --quiet`.
  const isAligned = lines.some((line) => /^-{3,}(\+-{3,})*$/.test(line.trim()));
  const forms = isAligned ? [psqlTable] : [psqlTable, unalignedTable];
  const tagged = output.results.some((result) => commandTag(result) !== null) ? [false, true] : [false];
  for (const form of forms) for (const tags of tagged) yield psqlText(output, form, tags, lines);
}

function psqlText(
  { results, refusal }: SqlOutput,
  form: typeof psqlTable,
  tags: boolean,
  lines: string[],
): PrintedText {
  const printed: string[] = [];
  let missing: string | null = null;
  for (const result of results) {
    const tag = tags ? commandTag(result) : null;
    if (result.columns.length > 0) {
      const table = form(result);
      // Between the aligned form and what follows, psql leaves a line empty.
      printed.push(form === psqlTable ? `${table.text}\n` : table.text);
      const isCut = result.truncated || table.rows < result.rows.length;
      if (isCut) missing ??= notCompared(table.rows, result.rowCount);
    }
    if (tag !== null) printed.push(tag);
  }
  const blanks = lines.map((line) => ERROR.exec(line)?.[1]).find((found) => found !== undefined);
  if (refusal && blanks !== undefined) printed.push(`ERROR:${blanks}${refusal.message}`);
  const text = printed.join('\n');
  return { text: text === '' || text.endsWith('\n') ? text : `${text}\n`, missing };
}
