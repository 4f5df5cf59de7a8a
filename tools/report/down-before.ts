import { beginnings } from '../journal/beginnings.ts';
import type { Event, RunStarted } from '../journal/event.ts';
import { readJournal } from '../journal/journal.ts';
import { downtimeOf } from './downtime.ts';

/**
 * What the downtime of a run on a real host is told by, the oldest first: `chain`, which is it and those that it resumes,
 * and where services were down when these began, as before a way back, the runs since they were stopped.
 */
export async function nightOf(home: string, chain: Event[][]): Promise<Event[][]> {
  const [first] = chain[0] as [RunStarted];
  return first.target.kind === 'host' ? [...(await downBefore(home, first)), ...chain] : chain;
}

/** The runs on the same host from the one that stopped services to this one; empty where they had been started again. */
async function downBefore(home: string, { id, target }: RunStarted): Promise<Event[][]> {
  let since: Event[][] = [];
  for await (const { started, directory } of beginnings(home)) {
    const isBefore = started.id < id && started.target.kind === 'host' && started.target.name === target.name;
    const events = isBefore ? await readJournal(directory).catch(() => null) : null;
    if (!events) continue;
    since = [events, ...since];
    // Until one has stopped services, none after it can tell how long they have been down.
    if (downtimeOf([events])) return downtimeOf(since)?.until === null ? since : [];
  }
  return [];
}
