import { on } from 'node:events';
import { watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import type { BlockFinished, Event, RunStarted } from '../journal/event.ts';
import { factsOf, type Session } from '../perform.ts';
import { blockSteps, type Plan } from '../plan/plan.ts';
import type { TerminalReport } from '../report/terminal.ts';
import { CommandError } from './exit.ts';
import { judgedAgain, type Planned, runsTheSame } from './judge-again.ts';
import { readDocument, requireNoProblems } from './read.ts';

/** What the watching asks of a rehearsal. */
export interface Rehearsing {
  /** Throws CommandError with what stands against a plan of the document. */
  planOf(document: Document): Plan;
  /** Runs a plan on the replica as it is, and gives what is recorded of it. */
  rehearse(session: Session, plan: Plan): Promise<Event[]>;
  /** Puts a fresh replica in the place of the one that there is. */
  renew(document: Document): Promise<void>;
  /** Whether the replica holds the seeded data, so that examples are judged. */
  seeded: boolean;
}

/**
 * Rehearses, and then judges each change of the document that is saved: where only what is expected has changed, by what
 * the blocks gave, with nothing run; else with the whole run again on a fresh replica. A document that is broken is shown
 * with its problems, and waited for. Ends when `signal` aborts; the replica is then the caller's to take down.
 */
export async function watchDocument(
  first: Session,
  firstPlan: Plan,
  { planOf, rehearse, renew, seeded }: Rehearsing,
  signal: AbortSignal,
): Promise<void> {
  const { terminal, document } = first;
  const { path } = document;
  // The watching begins before the run: what is saved meanwhile is seen after it.
  const changes = changesOf(path, signal);
  let change = changes.next();
  let now: Planned = { document, plan: firstPlan };
  let seen = document.sha256;
  let events = await rehearse(first, firstPlan);
  for (;;) {
    if (signal.aborted) return;
    terminal.say(`watching ${path}: Ctrl-C ends it`);
    let next: Planned | null = null;
    while (!next) {
      if ((await change).done) return;
      change = changes.next();
      const read = await readDocument(path).catch(() => null);
      if (!read || read.sha256 === seen) continue;
      seen = read.sha256;
      next = soundOrTold(read, planOf, terminal);
    }
    const isSame = runsTheSame(now, next);
    now = next;
    const judged = isSame ? judgedAgain(events, now.plan, { examples: seeded }) : null;
    if (judged) {
      terminal.say('only expectations have changed: nothing is run again, and no rehearsal is recorded');
      showAgain(events, judged, now.plan, terminal);
    } else {
      const why = isSame
        ? 'by what is expected now, other blocks run, or see other values'
        : 'what runs has changed';
      terminal.say(`${why}: all of it is run again, on a fresh replica`);
      await renew(now.document);
      events = await rehearse({ ...first, document: now.document, startedAt: new Date() }, now.plan);
    }
  }
}

/** A document that was read, with its plan; null where it has problems, which are told. */
function soundOrTold(
  document: Document,
  planOf: Rehearsing['planOf'],
  terminal: TerminalReport,
): Planned | null {
  try {
    requireNoProblems(document);
    return { document, plan: planOf(document) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.say(error.message);
    return null;
  }
}

/**
 * Gives, until `signal` aborts, each time that something may have changed in a file: once when the watching has begun,
 * for what was saved just before. What changes while the caller is at work waits for it, which the iterator of
 * node:fs/promises forgets. The file's directory is watched, as many an editor puts a new file in the place of the old
 * one.
 */
export async function* changesOf(path: string, signal: AbortSignal): AsyncGenerator<void> {
  const file = resolve(path);
  try {
    const changes = on(watch(dirname(file), { signal }), 'change', { signal });
    yield;
    for await (const [, filename] of changes) if (filename === null || filename === basename(file)) yield;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Shows what was judged again, as a run is shown. */
function showAgain(
  events: readonly Event[],
  judged: BlockFinished[],
  plan: Plan,
  terminal: TerminalReport,
): void {
  const started = events.find((event): event is RunStarted => event.type === 'run-started');
  if (!started) return;
  const steps = blockSteps(plan.steps);
  terminal.show({ ...started, blocks: steps.map(({ block, name }) => factsOf(block, name)) });
  for (const event of judged) terminal.show(event);
  const isPassed =
    judged.length === steps.length && judged.every(({ outcome }) => outcome.status === 'passed');
  terminal.show({
    type: 'run-finished',
    at: started.at,
    status: isPassed ? 'passed' : 'failed',
    why: null,
  });
}
