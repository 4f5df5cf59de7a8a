import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Begun, BegunFact, Fact } from '../outcome/fact.ts';
import { CannotRun, type ShellOutput, UnknownEnd } from '../outcome/output.ts';
import { Capture } from './capture.ts';
import { type Ending, endingOf, GRACE_MS } from './ending.ts';
import {
  type BlockEnd,
  type Link,
  type LinkClosed,
  type LinkEnd,
  type LinkHeader,
  openLink,
} from './link.ts';
import { printedBy } from './printed.ts';
import type { Start } from './start.ts';
import { END, exportsOf, FOLLOW, NO_ROOM, SUPERVISE, supervisorInput } from './supervisor.ts';
import { within } from './within.ts';

/** Where a shell block runs: `name` is for messages. */
export interface ShellPlace {
  name: string;
  start: Start;
}

export interface ShellScript {
  /** `$0` in bash's messages: the runbook's name, so that they read `runbook.md: line 57: …`. */
  name: string;
  text: string;
  /** The line of the runbook that `text` begins on. */
  line: number;
  cwd: string | null;
  environment: Record<string, string>;
  timeoutMs: number;
}

export interface ShellRun {
  /** The directory of a block that begins now, below the far side's state: no other ever has the same. */
  unit: string;
  /** What an earlier run recorded of the block, which is gone on with; null where it begins now. */
  begun: Begun | null;
  record: (fact: Fact) => Promise<void>;
  onLine: (line: string) => void;
  signal: AbortSignal;
}

/** A block that has ended; the far side keeps what is known of it until `forget`. */
export interface ShellFinished {
  output: ShellOutput;
  forget(): Promise<void>;
}

/**
 * Runs a script in one bash at the far side and waits for its end. It outlives its link: where that breaks, the far
 * side is asked again, from the byte that was read last. When time runs out or `signal` aborts, what runs there is
 * ended there. With `begun`, the block of an earlier run is gone on with in the same way.
 * Throws CannotRun where nothing has begun, and UnknownEnd where it began and its end cannot be known.
 */
export async function runShell(
  place: ShellPlace,
  script: ShellScript,
  run: ShellRun,
): Promise<ShellFinished> {
  const ending = endingOf(script.timeoutMs, run.signal);
  const work: Work = {
    ...{ place, script, run, ending },
    aborted: whenAborted(ending.signal),
    started: performance.now(),
    stdout: new Capture(run.onLine),
    stderr: new Capture(run.onLine),
    links: [],
    endedThere: null,
  };
  try {
    return await (run.begun?.answered ? goOn(work, run.begun.answered) : begin(work));
  } catch (error) {
    for (const link of work.links) link.cut();
    throw error;
  } finally {
    ending.forget();
  }
}

/** A block while it is run. */
interface Work {
  place: ShellPlace;
  script: ShellScript;
  run: ShellRun;
  ending: Ending;
  /** Comes true when it is to be ended. */
  aborted: Promise<null>;
  started: number;
  stdout: Capture;
  stderr: Capture;
  /** All that were opened for it. */
  links: Link[];
  /** Whether it was ended at the far side, once that has been tried. */
  endedThere: Promise<boolean> | null;
}

/** A block at the far side, on a machine that then had started so. */
interface Unit {
  name: string;
  boot: string | null;
}

/** Between two tries to connect again; the last is repeated. */
const AGAIN_MS = [200, 500, 1000, 2000, 5000];

/** How long it may take to end a block at the far side: to connect, politely, and for good. */
const END_MS = 4 * GRACE_MS;

const TERMINATED = 128 + constants.signals.SIGTERM;
const KILLED = 128 + constants.signals.SIGKILL;

async function begin(work: Work): Promise<ShellFinished> {
  const { script, run, ending, aborted } = work;
  const link = open(work, SUPERVISE, run.unit);
  const header = await Promise.race([link.header, aborted]);
  if (header === null && ending.by === null) throw neverBegan(await link.closed);
  if (header === null) return unbegun(work, link);
  const unit = { name: run.unit, boot: header.boot };
  // What nobody knows of must not have begun.
  await run.record({ type: 'block-begun', unit: unit.name, boot: unit.boot });
  if (ending.by !== null) return unbegun(work, link);
  link.send(supervisorInput(script.environment, script.cwd, script.text, script.line));
  return untilEnd(work, link, unit);
}

/** The far side has not been sent its script, and does not begin without. */
function unbegun(work: Work, link: Link): ShellFinished {
  link.cut();
  return { output: outputOf(work, TERMINATED, {}), forget: async () => undefined };
}

async function goOn(work: Work, { unit: name, boot }: BegunFact): Promise<ShellFinished> {
  const { run, ending, aborted } = work;
  const unit = { name, boot };
  const link = open(work, FOLLOW, name, '0', '0');
  const header = await Promise.race([link.header, aborted]);
  if (header === null) throw unreachable(work, ending.by ? null : await link.closed);
  if (header.state === 'found') {
    await run.record({ type: 'block-begun', unit: name, boot });
    return untilEnd(work, link, unit);
  }
  if (!isSameBoot(unit, header)) throw gone(work, unit);
  link.cut();
  return begin(work);
}

/** Reads on, over as many links as it takes. */
async function untilEnd(work: Work, first: Link, unit: Unit): Promise<ShellFinished> {
  let link = first;
  let status = KILLED;
  for (;;) {
    const end = await endOf(work, link, unit);
    if (end.kind === 'block') return ended(work, link, end, unit, status);
    if (end.exitCode === NO_ROOM && work.ending.by !== null) return unbegun(work, link);
    if (end.exitCode === NO_ROOM)
      throw new CannotRun(`the shell could not begin its block: ${end.said.trim()}`);
    const told = statusOfSignal(end);
    status = told ?? status;
    const next = await followAgain(work, end, unit, told !== null);
    if (next === null) return unbegun(work, link);
    link = next;
  }
}

async function ended(
  work: Work,
  link: Link,
  end: BlockEnd,
  unit: Unit,
  killedBy: number,
): Promise<ShellFinished> {
  if (end.status === 'orphan') await endThere(work, unit);
  if (typeof end.status !== 'number') {
    const header = await link.header;
    // Its supervisor hears every signal but one; a machine that went down has ended it too, at nobody knows which point.
    if (!header || !isSameBoot(unit, header)) throw gone(work, unit);
  }
  const [code, { exports, unreadable }] =
    typeof end.status === 'number'
      ? [end.status, exportsOf(end.exports)]
      : [killedBy, { exports: {}, unreadable: [] }];
  return {
    output: {
      ...outputOf(work, code, exports),
      ...(end.left.length > 0 ? { left: end.left } : {}),
      ...(unreadable.length > 0 ? { unreadable } : {}),
    },
    async forget() {
      link.send('forget\n');
      await Promise.race([link.closed, wait(GRACE_MS, null, { ref: false })]).catch(() => undefined);
      link.cut();
    },
  };
}

/** A block's end, or that of the link to it; where it is to be ended, the end of that. */
async function endOf(work: Work, link: Link, unit: Unit): Promise<LinkEnd> {
  const end = await Promise.race([link.ended, work.aborted]);
  if (end) return end;
  await endThere(work, unit);
  return inGrace(link.ended, () => {
    link.cut();
    return { kind: 'closed', exitCode: null, signal: null, said: 'it does not answer any more' };
  });
}

/**
 * A link to a block whose link was closed; null where it was ended before it began. Where the old one `told` that a
 * signal ended the far side's shell, no container is waited for that has gone with it.
 */
async function followAgain(work: Work, closed: LinkClosed, unit: Unit, told: boolean): Promise<Link | null> {
  const { run, ending, aborted } = work;
  let why = wordsOf(closed);
  if (!told) await run.record({ type: 'link-changed', state: 'lost', why });
  for (let tried = 0; ; tried++) {
    // To be ended, it need not be followed; what is known of it is fetched once more.
    const last = ending.by !== null;
    if (last && !(await endThere(work, unit))) throw unreachable(work, closed);
    const link = open(work, FOLLOW, unit.name, String(work.stdout.bytes), String(work.stderr.bytes));
    const header = await (last ? inGrace(link.header, () => null) : Promise.race([link.header, aborted]));
    if (header?.state === 'found') {
      if (!told) await run.record({ type: 'link-changed', state: 'back', why });
      return link;
    }
    if (last && header && isSameBoot(unit, header)) return null;
    if (header && isSameBoot(unit, header)) throw new CannotRun(`the link was lost before it began: ${why}`);
    if (header) throw gone(work, unit);
    if (told) throw gone(work, unit);
    if (last) throw unreachable(work, closed);
    if (ending.by === null) why = wordsOf(await link.closed);
    link.cut();
    await Promise.race([wait(AGAIN_MS[Math.min(tried, AGAIN_MS.length - 1)], null, { ref: false }), aborted]);
  }
}

/**
 * Ends the block at the far side, over a link of its own; once. Ending the client would leave what runs inside a
 * container, or beyond ssh, running. False where that cannot be done, or not in time.
 */
function endThere(work: Work, { name }: Unit): Promise<boolean> {
  work.endedThere ??= tryToEnd(work, name);
  return work.endedThere;
}

async function tryToEnd({ place, script }: Work, unit: string): Promise<boolean> {
  const argv = ['bash', '--norc', '-c', END, script.name, unit];
  const asking = within(place.name, (signal) => printedBy(place.start, argv, signal), END_MS);
  const ended = await asking.catch(() => null);
  return ended?.exitCode === 0;
}

function open(work: Work, program: string, ...argv: string[]): Link {
  const { place, script, stdout, stderr } = work;
  const link = openLink(place.start, program, [script.name, ...argv], {
    stdout: (chunk) => stdout.add(chunk),
    stderr: (chunk) => stderr.add(chunk),
  });
  work.links.push(link);
  return link;
}

function outputOf(
  { ending, stdout, stderr, started }: Work,
  exitCode: number,
  exported: Record<string, string>,
): ShellOutput {
  return {
    kind: 'shell',
    exitCode,
    timedOut: ending.by === 'timeout',
    interrupted: ending.by === 'interruption',
    stdout: stdout.finish(),
    stderr: stderr.finish(),
    exports: exported,
    durationMs: performance.now() - started,
  };
}

const isSameBoot = ({ boot }: Unit, header: LinkHeader) => boot !== null && header.boot === boot;

/** The far side's own word that a signal ended what was started there; a client that was killed here says nothing. */
const statusOfSignal = ({ exitCode }: LinkClosed): number | null =>
  exitCode !== null && exitCode > 128 && exitCode < 255 ? exitCode : null;

const wordsOf = ({ said, exitCode, signal }: LinkClosed): string =>
  said.trim() || (signal ? `its program was ended by ${signal}` : `its program ended with ${exitCode}`);

function neverBegan(closed: LinkClosed): CannotRun {
  const { said, exitCode, signal } = closed;
  const [name] = Object.entries(constants.signals).find(([, n]) => n === (exitCode ?? 0) - 128) ?? [signal];
  const end = name ? `the shell was ended by ${name} before its block began` : 'no shell began';
  return new CannotRun(said.trim() || `${end}: exit status ${exitCode ?? KILLED}`);
}

const gone = ({ place }: Work, { name }: Unit) =>
  new UnknownEnd(
    `${place.name} went down while it ran: there is neither a process of it nor its exit status (${name})`,
  );

const unreachable = ({ place, run }: Work, closed: LinkClosed | null) =>
  new UnknownEnd(
    `it may still be running on ${place.name}, which does not answer${closed ? `: ${wordsOf(closed)}` : ''}; ` +
      `its directory there is runbook/${run.begun?.answered?.unit ?? run.unit}`,
    true,
  );

const whenAborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });

/** What a promise gives in a grace, or else what stands for it. */
async function inGrace<T>(promise: Promise<T>, otherwise: () => T): Promise<T> {
  const controller = new AbortController();
  const late = wait(GRACE_MS, null, { signal: controller.signal }).then(otherwise);
  late.catch(() => undefined);
  return Promise.race([promise, late]).finally(() => controller.abort());
}
