import type { BlockFacts, Event, RunStarted } from '../journal/event.ts';
import type { Outcome } from '../outcome/outcome.ts';

/** What became of a run's blocks, each in one of four lists, in the order of the plan. */
export interface Standing {
  done: BlockFacts[];
  failed: BlockFacts[];
  /** They began, and nobody can say how they ended. */
  unknown: BlockFacts[];
  notDone: BlockFacts[];
}

/**
 * How things stand after the last of several runs that resume one another, oldest first: of each of its blocks, what is
 * known last. A block that was begun, and whose end no journal has, is unknown.
 */
export function standingOf(chain: readonly Event[][]): Standing {
  const standing: Standing = { done: [], failed: [], unknown: [], notDone: [] };
  const [{ blocks }] = (chain.at(-1) ?? []) as [RunStarted];
  const events = chain.flat();
  for (const facts of blocks) standing[LISTS[lastStatus(facts, events)]].push(facts);
  return standing;
}

const LISTS = { passed: 'done', failed: 'failed', unknown: 'unknown', 'not-run': 'notDone' } as const;

function lastStatus({ name }: BlockFacts, events: Event[]): Outcome['status'] {
  let status: Outcome['status'] = 'not-run';
  let before: Outcome['status'] | null = null;
  for (const event of events) {
    if (event.type === 'run-started') before = null;
    if (!('name' in event) || event.name !== name) continue;
    if (event.type === 'block-started') [before, status] = [status, 'unknown'];
    else if (event.type === 'block-carried') [before, status] = [null, event.outcome.status];
    else if (event.type === 'block-finished') {
      // That nothing of it was run, or that a later run did not get to it, takes nothing back.
      status = isLeftOut(event) ? (before ?? status) : event.outcome.status;
      before = null;
    }
  }
  return status;
}

const isLeftOut = ({ outcome, output }: Extract<Event, { type: 'block-finished' }>) =>
  outcome.status === 'not-run' && output === null;
