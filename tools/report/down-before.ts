import type { Event, RunStarted } from '../journal/event.ts';
import type { Journals } from '../journal/journals.ts';
import { downtimeOf } from './downtime.ts';

/**
 * What the downtime of a run on a real host is told by, the oldest first: `chain`, which is it and those that it resumes,
 * and where services were down when these began, as before a way back, the runs since they were stopped.
 */
export async function nightOf(journals: Journals, chain: Event[][]): Promise<Event[][]> {
  const [first] = chain[0] as [RunStarted];
  return first.target.kind === 'host' ? [...(await downBefore(journals, first)), ...chain] : chain;
}

/** The runs on the same host from the one that stopped services to this one; empty where they had been started again. */
async function downBefore(journals: Journals, { id, target }: RunStarted): Promise<Event[][]> {
  let since: Event[][] = [];
  for await (const { started, directory } of journals.beginnings()) {
    const isBefore = started.id < id && started.target.kind === 'host' && started.target.name === target.name;
    const events = isBefore ? await journals.read(directory).catch(() => null) : null;
    if (!events) continue;
    since = [events, ...since];
    // Until one has stopped services, none after it can tell how long they have been down.
    if (downtimeOf([events])) return downtimeOf(since)?.until === null ? since : [];
  }
  return [];
}
