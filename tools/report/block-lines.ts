import type { BlockCarried, BlockFacts, BlockFinished, RunStarted } from '../journal/event.ts';
import { changesOf, isMeasured } from '../outcome/effects.ts';
import type { ExpectationOutcome } from '../outcome/outcome.ts';
import type { Output } from '../outcome/output.ts';
import { count } from '../text/count.ts';
import { showAge, showDuration } from '../text/duration.ts';
import { BECAUSE } from './carried.ts';
import { besideChanges, effectLine, effectWords } from './effects.ts';
import { showBudget } from './live-line.ts';
import { type BlockReport, printedBy } from './report.ts';
import type { Screen } from './screen.ts';
import { sideBySide } from './side-by-side.ts';
import { clip, printable, type Style } from './style.ts';

/** `0.8 s, estimated 1 min to 5 min`, or only the time where the document has no estimate. */
export const elapsed = ({ budget_ms }: BlockFacts, ms: number): string =>
  budget_ms ? `${showDuration(ms)}, estimated ${showBudget(budget_ms)}` : showDuration(ms);

const MARKS: Record<BlockFinished['outcome']['status'], (style: Style) => string> = {
  passed: (style) => style.good('✓'),
  failed: (style) => style.bad('✗'),
  unknown: (style) => style.bad('?'),
  'not-run': (style) => style.bad('✗'),
};

/** Never a tick: this run has not seen it pass. */
export function carriedLine({ name, from, because, at }: BlockCarried): string {
  const age = showAge(Date.parse(at) - Date.parse(from.at));
  if (because === 'passed') return `↷ ${name}: passed in run ${from.run}, ${age}`;
  return `↷ ${name}: ${BECAUSE[because]}; begun in run ${from.run}, ${age}`;
}

/** A probe that fails is no failure: it is an answer. */
export function probeLine({ name, outcome }: BlockFinished, of: string): string {
  if (outcome.status === 'passed') return `? ${name}: ${of} is done`;
  if (outcome.status === 'failed') return `? ${name}: ${of} is not done`;
  return `? ${name}: whether ${of} is done is unknown, ${outcome.why?.message}`;
}

/** A block that has ended: `opening`, its verdict and its time in a line, and below it what is to be said of it. */
export function blockLines(
  event: BlockFinished,
  facts: BlockFacts,
  { runbook }: Pick<RunStarted, 'runbook'>,
  opening: string,
  screen: Screen,
): string[] {
  const { style, columns } = screen;
  const { outcome, name, output } = event;
  const mark = MARKS[outcome.status](style);
  const over =
    facts.budget_ms && event.duration_ms > facts.budget_ms[1] ? style.bad(', over its estimate') : '';
  const lines = [`${opening}${mark} ${name} ${style.quiet(`(${elapsed(facts, event.duration_ms)})`)}${over}`];
  if (outcome.why) {
    lines.push(`    ${whyLine(outcome.why, runbook.path, style)}`);
    if (output?.kind === 'shell') lines.push(...lastLines(printedBy(output), style));
  }
  if (screen.verbose && outcome.status === 'passed') lines.push(...printedLines(output, screen));
  return [
    ...lines,
    ...effectLines(event).map((line) => style.quiet(printable(`    · ${line}`))),
    ...outcome.expectations.flatMap((one) => expectationLines(one, runbook.path, style, columns ?? 110)),
  ];
}

/** `runbook.md:33:1: exit status 1` */
export const whyLine = (
  { line, column, message }: NonNullable<BlockReport['why']>,
  path: string,
  style: Style,
): string => style.bad(printable(`${path}:${line}:${column}: ${message}`));

/** What it did to the database, each change in a line; or why that is not known. */
function effectLines({ output }: BlockFinished): string[] {
  const { effects } = output ?? {};
  if (!isMeasured(effects)) return effects ? [`what it did to the database is ${effectLine(effects)}`] : [];
  const words = effectWords(effects);
  return words ? [...changesOf(effects), besideChanges(words)] : [];
}

type Printed = Pick<BlockReport, 'stdout' | 'stderr'>;

const LAST_LINES = 10;
/** An error is worth some rows of a screen; a page that came in one line is not. */
const LAST_COLUMNS = 2000;

/** The end of what a block printed. */
export const lastLines = (printed: Printed, style: Style): string[] =>
  linesOf(printed)
    .slice(-LAST_LINES)
    .map((line) => style.quiet(`      ${clip(printable(line), LAST_COLUMNS)}`));

/** So much of one block's output is read at a terminal; its report has the rest. */
const MOST_LINES = 200;
/** Where there is no terminal, a log is read in a window of about so many columns. */
const LOG_COLUMNS = 200;

/** What a block printed, or its result sets as psql prints them, each line cut to the screen. */
function printedLines(output: Output | null, { style, columns }: Screen): string[] {
  const lines = linesOf(printedBy(output));
  const shown = lines
    .slice(0, MOST_LINES)
    .map((line) => clip(printable(line).replaceAll('\t', '    '), (columns ?? LOG_COLUMNS) - 6));
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`… ${count(rest, 'more line')}`] : [])].map((line) =>
    style.quiet(`      ${line}`),
  );
}

/** Of both streams, one after the other; of a block that printed nothing, none. */
function linesOf({ stdout, stderr }: Printed): string[] {
  const text = `${stdout.trimEnd()}\n${stderr.trimEnd()}`.replace(/^\n+/, '').trimEnd();
  return text === '' ? [] : text.split('\n');
}

/** An expectation with its verdict; of one that is wrong both sides, in lines of at most `columns`. */
export function expectationLines(
  one: ExpectationOutcome,
  path: string,
  style: Style,
  columns: number,
): string[] {
  if (one.status === 'passed') return [`    ${style.good('✓')} ${printable(one.text)}`];
  if (one.status === 'not-run')
    return [style.quiet(printable(`    – ${one.text}: not judged, ${one.actual}`))];
  const head = `    ${style.bad('✗')} ${style.bad(printable(`${path}:${one.line}: ${one.text}`))}`;
  return [head, ...sideBySide(one, columns - 6, style).map((line) => `      ${line}`)];
}
