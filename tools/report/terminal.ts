import type {
  BlockCarried,
  BlockFacts,
  BlockFinished,
  Event,
  RunFinished,
  RunStarted,
} from '../journal/event.ts';
import { changesOf, isMeasured } from '../outcome/effects.ts';
import { showIdentity } from '../outcome/identity.ts';
import type { ExpectationOutcome } from '../outcome/outcome.ts';
import { remainingMs } from '../plan/forecast.ts';
import { showAge, showDuration } from '../text/duration.ts';
import { BECAUSE } from './carried.ts';
import { besideChanges, effectLine, effectWords } from './effects.ts';
import { sideBySide } from './side-by-side.ts';
import { clip, printable, type Style } from './style.ts';
import { showRehearsed } from './vouched.ts';

/** Where a run is shown. `columns` is null where it is no terminal: then only whole lines are written. */
export interface Screen {
  write(text: string): void;
  columns: number | null;
  style: Style;
  /** Told of each event, too, as it is recorded. */
  watch?(event: Event): void;
}

/** Shows a run as it goes: verdicts as they fall and, on a terminal, what runs now. */
export interface TerminalReport {
  show(event: Event): void;
  /** A line of its own, e.g. of a replica that starts. */
  say(line: string): void;
  /** A line that the next one replaces; without a terminal it is not shown. */
  note(line: string): void;
  /** Ends the live line. */
  close(): void;
}

const REFRESH_MS = 100;

export function terminalReport(screen: Screen): TerminalReport {
  const { style } = screen;
  let started: RunStarted | null = null;
  let heading = '';
  const took = new Map<string, number>();
  let now: { facts: BlockFacts; since: number; line: string; attempt: number } | null = null;
  let timer: NodeJS.Timeout | undefined;
  const live = screen.columns !== null;

  const clear = () => live && screen.write('\r\u001b[2K');
  const print = (line: string) => {
    clear();
    screen.write(`${line}\n`);
  };
  const factsOf = (name: string) => started?.blocks.find((block) => block.name === name) as BlockFacts;
  const draw = () => {
    if (!now || screen.columns === null) return;
    const ms = Date.now() - now.since;
    const left = leftOf(started, took, { name: now.facts.name, ms });
    const text = `  … ${now.facts.name} ${elapsed(now.facts, ms)}${left}  ${oneLine(now.line)}`;
    screen.write(`\r\u001b[2K${style.quiet(clip(text, screen.columns - 1))}`);
  };
  const enter = (facts: BlockFacts) => {
    if (facts.heading === heading) return;
    heading = facts.heading;
    print(`\n${style.strong(printable(heading))}${style.quiet(leftOf(started, took))}`);
  };
  const stopTimer = () => {
    clearInterval(timer);
    timer = undefined;
    now = null;
  };
  const begin = (name: string, attempt: number) => {
    const facts = factsOf(name);
    enter(facts);
    now = { facts, since: attempt > 1 && now ? now.since : Date.now(), line: '', attempt };
    if (live) timer ??= setInterval(draw, REFRESH_MS);
    else if (attempt === 1) print(`  … ${name}`);
  };
  const finish = (event: BlockFinished) => {
    stopTimer();
    if (event.outcome.status === 'passed') took.set(event.name, event.duration_ms);
    const facts = factsOf(event.name);
    if (event.outcome.status === 'not-run' && event.output === null && event.duration_ms === 0) {
      enter(facts);
      print(style.quiet(printable(`  – ${facts.name}: not run, ${event.outcome.why?.message}`)));
      return;
    }
    if (facts.probe_of !== undefined) return print(probeLine(event, facts.probe_of, style));
    for (const line of blockLines(event, facts, started as RunStarted, screen)) print(line);
  };

  const carry = (event: BlockCarried) => {
    enter(factsOf(event.name));
    print(style.quiet(printable(carriedLine(event))));
  };

  return {
    say: (line) => print(printable(line)),
    note(line) {
      if (screen.columns !== null)
        screen.write(`\r\u001b[2K${style.quiet(clip(printable(line), screen.columns - 1))}`);
    },
    close() {
      stopTimer();
      clear();
    },
    show(event) {
      if (event.type === 'run-started') {
        started = event;
        for (const line of boundLines(event)) print(style.quiet(printable(line)));
      }
      if (event.type === 'block-started') begin(event.name, event.attempt);
      if (event.type === 'block-printed' && now) now.line = event.line;
      if (event.type === 'link-changed') print(style.quiet(printable(linkLine(event))));
      if (event.type === 'block-finished') finish(event);
      if (event.type === 'block-carried') carry(event);
      if (event.type === 'question-answered')
        print(
          `  ${event.answer === 'no' ? style.bad('✗') : '?'} ${printable(event.text)} (${event.answer === 'none' ? 'no answer' : event.answer})`,
        );
      if (event.type === 'run-finished') {
        stopTimer();
        print(closing(event, style));
      }
    },
  };
}

/** What the run is bound to, and what vouches for it. */
function boundLines({ identity, rehearsed, at }: RunStarted): string[] {
  const vouching = showRehearsed({ rehearsed }, new Date(at));
  return [...(identity ? [`  on ${showIdentity(identity)}`] : []), ...(vouching ? [`  ${vouching}`] : [])];
}

/** `, about 4 min left`; empty where nothing is known. */
function leftOf(
  started: RunStarted | null,
  took: ReadonlyMap<string, number>,
  running: { name: string; ms: number } | null = null,
): string {
  const ms = started && remainingMs(started.expected_ms, took, running);
  return ms === null ? '' : `, about ${showDuration(Math.ceil(ms / 1000) * 1000)} left`;
}

const linkLine = ({ name, state, why }: Extract<Event, { type: 'link-changed' }>): string =>
  state === 'lost'
    ? `  … ${name}: the connection is lost (${why}); the block goes on there, and is asked for again`
    : `  … ${name}: the connection is back`;

const oneLine = (text: string) => printable(text).replaceAll(/\s+/g, ' ');

/** `0.8 s of 1-5 min`, or only the time where the document has no estimate. */
function elapsed({ budget_ms }: BlockFacts, ms: number): string {
  if (!budget_ms) return showDuration(ms);
  const [least, most] = budget_ms.map(showDuration);
  return `${showDuration(ms)}, estimated ${least === most ? most : `${least} to ${most}`}`;
}

const MARKS: Record<BlockFinished['outcome']['status'], (style: Style) => string> = {
  passed: (style) => style.good('✓'),
  failed: (style) => style.bad('✗'),
  unknown: (style) => style.bad('?'),
  'not-run': (style) => style.bad('✗'),
};

/** Never a tick: this run has not seen it pass. */
function carriedLine({ name, from, because, at }: BlockCarried): string {
  const age = showAge(Date.parse(at) - Date.parse(from.at));
  if (because === 'passed') return `  ↷ ${name}: passed in run ${from.run}, ${age}`;
  return `  ↷ ${name}: ${BECAUSE[because]}; begun in run ${from.run}, ${age}`;
}

/** A probe that fails is no failure: it is an answer. */
function probeLine({ name, outcome }: BlockFinished, of: string, style: Style): string {
  if (outcome.status === 'passed') return `  ? ${name}: ${of} is done`;
  if (outcome.status === 'failed') return `  ? ${name}: ${of} is not done`;
  return style.bad(printable(`  ? ${name}: whether ${of} is done is unknown, ${outcome.why?.message}`));
}

function blockLines(
  event: BlockFinished,
  facts: BlockFacts,
  { runbook }: RunStarted,
  { style, columns }: Screen,
): string[] {
  const { outcome, name } = event;
  const mark = MARKS[outcome.status](style);
  const over =
    facts.budget_ms && event.duration_ms > facts.budget_ms[1] ? style.bad(', over its estimate') : '';
  const lines = [`  ${mark} ${name} ${style.quiet(`(${elapsed(facts, event.duration_ms)})`)}${over}`];
  if (outcome.why) {
    const { line, column, message } = outcome.why;
    lines.push(`    ${style.bad(printable(`${runbook.path}:${line}:${column}: ${message}`))}`);
    lines.push(...lastLines(event).map((text) => style.quiet(`      ${text}`)));
  }
  return [
    ...lines,
    ...effectLines(event).map((line) => style.quiet(printable(`    · ${line}`))),
    ...outcome.expectations.flatMap((one) => expectationLines(one, runbook.path, style, columns ?? 110)),
  ];
}

/** What it did to the database, each change in a line; or why that is not known. */
function effectLines({ output }: BlockFinished): string[] {
  const { effects } = output ?? {};
  if (!isMeasured(effects)) return effects ? [`what it did to the database is ${effectLine(effects)}`] : [];
  const words = effectWords(effects);
  return words ? [...changesOf(effects), besideChanges(words)] : [];
}

/** The end of what a failed block printed, unless its expectations show it. */
function lastLines({ output }: BlockFinished): string[] {
  if (output?.kind !== 'shell') return [];
  const text = `${output.stdout.text.trimEnd()}\n${output.stderr.text.trimEnd()}`.trim();
  return text === '' ? [] : text.split('\n').slice(-10).map(printable);
}

function expectationLines(one: ExpectationOutcome, path: string, style: Style, columns: number): string[] {
  if (one.status === 'passed') return [`    ${style.good('✓')} ${printable(one.text)}`];
  if (one.status === 'not-run')
    return [style.quiet(printable(`    – ${one.text}: not judged, ${one.actual}`))];
  const head = `    ${style.bad('✗')} ${style.bad(printable(`${path}:${one.line}: ${one.text}`))}`;
  return [head, ...sideBySide(one, columns - 6, style).map((line) => `      ${line}`)];
}

function closing({ status, why }: RunFinished, style: Style): string {
  if (status === 'passed') return `\n${style.good('passed')}`;
  return `\n${style.bad(status)}${why ? `: ${printable(why)}` : ''}`;
}
