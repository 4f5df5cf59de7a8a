import type { BlockFacts, BlockFinished, Event, RunFinished, RunStarted } from '../journal/event.ts';
import { showIdentity } from '../outcome/identity.ts';
import { remainingMs } from '../plan/forecast.ts';
import { showDuration } from '../text/duration.ts';
import { blockLines, carriedLine, elapsed, probeLine } from './block-lines.ts';
import { failureLines } from './failures.ts';
import { liveLine } from './live-line.ts';
import { notRunLines } from './not-run.ts';
import type { RunReport } from './report.ts';
import type { Screen } from './screen.ts';
import { clip, printable, type Style, wrapped } from './style.ts';
import { showRehearsed } from './vouched.ts';

/** Shows a run as it goes: verdicts as they fall and, on a terminal, what runs now. */
export interface TerminalReport {
  show(event: Event): void;
  /** A line of its own, e.g. of a replica that starts. */
  say(line: string): void;
  /** A line that the next one replaces; without a terminal it is not shown. */
  note(line: string): void;
  /** Tells again what failed, for who reads the end of a run first. */
  tellFailures(report: RunReport): void;
  /** Ends the live line. */
  close(): void;
}

const REFRESH_MS = 100;

/** Without a terminal, nothing shows that a block is still at work but a line, first after so long and then each time. */
const FIRST_SIGN_MS = 30_000;
const NEXT_SIGN_MS = 60_000;

/** The block that runs now. */
interface Running {
  facts: BlockFacts;
  since: number;
  /** The last line that it printed. */
  line: string;
}

/**
 * Shows the events of a run. At a terminal a line that is drawn again and again says what runs now; elsewhere each block
 * is one line when it has ended, which begins with the time of day in UTC, as the journal and the reports have it. Blocks
 * that are not run are told together, before how the run ended.
 */
export function terminalReport(screen: Screen): TerminalReport {
  const { style, columns } = screen;
  let started: RunStarted | null = null;
  let planned: BlockFacts[] = [];
  let heading = '';
  let notRun: { name: string; why: string }[] = [];
  const took = new Map<string, number>();
  let now: Running | null = null;
  let timer: NodeJS.Timeout | undefined;

  const clear = () => columns !== null && screen.write('\r\u001b[2K');
  const print = (line: string) => {
    clear();
    const lines = columns === null ? [line] : line.split('\n').flatMap((one) => wrapped(one, columns));
    screen.write(`${lines.join('\n')}\n`);
  };
  const factsOf = (name: string) => started?.blocks.find((block) => block.name === name) as BlockFacts;
  /** What a block's line begins with; a probe has no place among the blocks. */
  const opening = (at: string, name?: string) => {
    const place = planned.findIndex((block) => block.name === name) + 1;
    const count = place > 0 ? `[${place}/${planned.length}] ` : '';
    return `${columns === null ? `${at.slice(11, 19)}Z ` : '  '}${count}`;
  };
  const draw = () => {
    if (!now || columns === null) return;
    const { facts, since, line } = now;
    const ms = Date.now() - since;
    const rehearsedMs = started?.expected_ms[facts.name] ?? null;
    const left = leftOf(started, took, { name: facts.name, ms });
    const head = `${opening('', facts.name)}${facts.name}`;
    const text = liveLine({ head, ms, budgetMs: facts.budget_ms, rehearsedMs, left, line }, columns - 1);
    screen.write(`\r\u001b[2K${style.quiet(text)}`);
  };
  const giveSign = () => {
    if (!now) return;
    const { facts, since } = now;
    const head = opening(new Date().toISOString(), facts.name);
    print(`${head}… ${facts.name} (${elapsed(facts, Date.now() - since)})`);
    timer = setTimeout(giveSign, NEXT_SIGN_MS);
  };
  const enter = (facts: BlockFacts) => {
    if (facts.heading === heading) return;
    heading = facts.heading;
    print(`\n${style.strong(printable(heading))}${style.quiet(leftOf(started, took))}`);
  };
  const stopTimer = () => {
    clearTimeout(timer);
    clearInterval(timer);
    timer = undefined;
    now = null;
  };
  const begin = (name: string, attempt: number) => {
    const facts = factsOf(name);
    enter(facts);
    if (attempt > 1 && now) {
      now.line = '';
      return;
    }
    stopTimer();
    now = { facts, since: Date.now(), line: '' };
    timer = columns === null ? setTimeout(giveSign, FIRST_SIGN_MS) : setInterval(draw, REFRESH_MS);
  };
  const finish = (event: BlockFinished) => {
    stopTimer();
    const { name, at, outcome } = event;
    if (outcome.status === 'passed') took.set(name, event.duration_ms);
    const facts = factsOf(name);
    if (isSkipped(event)) {
      notRun.push({ name, why: outcome.why?.message ?? '' });
      return;
    }
    if (facts.probe_of !== undefined) {
      const words = printable(probeLine(event, facts.probe_of));
      print(
        `${opening(at)}${outcome.status === 'passed' || outcome.status === 'failed' ? words : style.bad(words)}`,
      );
      return;
    }
    for (const line of blockLines(event, facts, started as RunStarted, opening(at, name), screen))
      print(line);
  };
  const end = (event: RunFinished) => {
    stopTimer();
    const lines = notRunLines(
      notRun,
      planned.map(({ name }) => name),
    );
    if (lines.length > 0) print('');
    for (const line of lines)
      print(style.quiet(clip(printable(`  – ${line}`), columns ?? Number.POSITIVE_INFINITY)));
    notRun = [];
    print(closing(event, style));
  };

  return {
    say: (line) => {
      clear();
      screen.write(`${printable(line)}\n`);
    },
    note(line) {
      if (columns !== null) screen.write(`\r\u001b[2K${style.quiet(clip(printable(line), columns - 1))}`);
    },
    tellFailures(report) {
      for (const line of failureLines(report, screen)) print(line);
    },
    close() {
      stopTimer();
      clear();
    },
    show(event) {
      if (event.type === 'run-started') {
        started = event;
        planned = event.blocks.filter(({ probe_of }) => probe_of === undefined);
        for (const line of boundLines(event)) print(style.quiet(printable(line)));
      }
      if (event.type === 'block-started') begin(event.name, event.attempt);
      if (event.type === 'block-printed' && now) now.line = event.line;
      if (event.type === 'link-changed')
        print(style.quiet(printable(`${opening(event.at, event.name)}${linkWords(event)}`)));
      if (event.type === 'block-finished') finish(event);
      if (event.type === 'block-carried') {
        enter(factsOf(event.name));
        print(style.quiet(printable(`${opening(event.at, event.name)}${carriedLine(event)}`)));
      }
      if (event.type === 'question-answered')
        print(
          `${opening(event.at)}${event.answer === 'no' ? style.bad('✗') : '?'} ${printable(event.text)} (${event.answer === 'none' ? 'no answer' : event.answer})`,
        );
      if (event.type === 'run-finished') end(event);
    },
  };
}

/** Whether it is one that the run did not get to. */
const isSkipped = ({ outcome, output, duration_ms }: BlockFinished): boolean =>
  outcome.status === 'not-run' && output === null && duration_ms === 0;

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

const linkWords = ({ name, state, why }: Extract<Event, { type: 'link-changed' }>): string =>
  state === 'lost'
    ? `… ${name}: the connection is lost (${why}); the block goes on there, and is asked for again`
    : `… ${name}: the connection is back`;

function closing({ status, why }: RunFinished, style: Style): string {
  if (status === 'passed') return `\n${style.good('passed')}`;
  return `\n${style.bad(status)}${why ? `: ${printable(why)}` : ''}`;
}
