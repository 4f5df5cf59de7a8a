import { watch } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import type { Event, RunStarted } from '../journal/event.ts';
import { finishedBlocks } from '../journal/finished.ts';
import { judge } from '../outcome/judge.ts';
import { factsOf, type Session } from '../perform.ts';
import { type BlockStep, blockSteps, type Plan } from '../plan/plan.ts';
import type { TerminalReport } from '../report/terminal.ts';
import { CommandError } from './exit.ts';
import { readDocument, readSoundDocument } from './read.ts';

/** What the watching asks of a rehearsal. */
export interface Rehearsing {
  /** Throws CommandError with what stands against a plan of the document. */
  planOf(document: Document): Plan;
  /** Runs a plan on the replica as it is, and gives what is recorded of it. */
  rehearse(session: Session, plan: Plan): Promise<Event[]>;
  /** Puts a fresh replica in the place of the one that there is. */
  renew(document: Document): Promise<void>;
}

/**
 * Rehearses, and then judges each change of the document that is saved: where only what is expected has changed, by what
 * the blocks gave, with nothing run; else with the whole run again on a fresh replica. A document that is broken is shown
 * with its problems, and waited for. Ends when `signal` aborts; the replica is then the caller's to take down.
 */
export async function watchDocument(
  first: Session,
  firstPlan: Plan,
  { planOf, rehearse, renew }: Rehearsing,
  signal: AbortSignal,
): Promise<void> {
  const { terminal, document } = first;
  const { path } = document;
  // The watching begins before the run: what is saved meanwhile is seen after it.
  const changes = changesOf(path, signal);
  let change = changes.next();
  let now: Watched = { document, plan: firstPlan };
  let seen = document.sha256;
  let events = await rehearse(first, firstPlan);
  for (;;) {
    if (signal.aborted) return;
    terminal.say(`watching ${path}: Ctrl-C ends it`);
    let next: Watched | null = null;
    while (!next) {
      if ((await change).done) return;
      change = changes.next();
      const read = await readDocument(path).catch(() => null);
      if (!read || read.sha256 === seen) continue;
      seen = read.sha256;
      next = await soundOrTold(path, planOf, terminal);
    }
    const isSame = runsTheSame(now, next);
    now = next;
    if (isSame) {
      terminal.say('only expectations have changed: nothing is run again, and no rehearsal is recorded');
      judgeAgain(events, now.plan, terminal);
    } else {
      terminal.say('what runs has changed: all of it is run again, on a fresh replica');
      await renew(now.document);
      events = await rehearse({ ...first, document: now.document, startedAt: new Date() }, now.plan);
    }
  }
}

/** The document with its plan; null where it has problems, which are told. */
async function soundOrTold(
  path: string,
  planOf: Rehearsing['planOf'],
  terminal: TerminalReport,
): Promise<Watched | null> {
  try {
    const document = await readSoundDocument(path);
    return { document, plan: planOf(document) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.say(error.message);
    return null;
  }
}

/**
 * Gives, until `signal` aborts, each time that something may have changed in a file. Its directory is watched, as many
 * an editor puts a new file in the place of the old one.
 */
async function* changesOf(path: string, signal: AbortSignal): AsyncGenerator<void> {
  const file = resolve(path);
  try {
    for await (const { filename } of watch(dirname(file), { signal }))
      if (filename === null || filename === basename(file)) yield;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** All that a block's run depends on; what is expected of it is none of that. */
const runsAs = ({ name, block: { key, timeoutMs, retryMs } }: BlockStep) =>
  JSON.stringify([name, key, timeoutMs, retryMs]);

/** Whether both plans run the same blocks, in the same order: then they differ in no more than what is expected. */
function runsTheSame(...both: [Watched, Watched]): boolean {
  const [one, other] = both.map(({ document, plan }) =>
    JSON.stringify([document.frontMatter, blockSteps(plan.steps).map(runsAs)]),
  );
  return one === other;
}

interface Watched {
  document: Document;
  plan: Plan;
}

/** Judges what the blocks of an earlier run gave by a plan that runs the same, and shows it; nothing is run. */
function judgeAgain(events: readonly Event[], plan: Plan, terminal: TerminalReport): void {
  const started = events.find((event): event is RunStarted => event.type === 'run-started');
  const finished = finishedBlocks(events);
  if (!started) return;
  const steps = blockSteps(plan.steps);
  terminal.show({ ...started, blocks: steps.map(({ block, name }) => factsOf(block, name)) });
  const judged = steps.flatMap(({ block, name }) => {
    const event = finished.get(name);
    if (!event) return [];
    const outcome = event.output ? judge(block, event.output, { examples: true }) : event.outcome;
    return [{ ...event, outcome }];
  });
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
