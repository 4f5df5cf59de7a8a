import { beginnings } from '../journal/beginnings.ts';
import type { Event, RunStarted } from '../journal/event.ts';
import { readJournal } from '../journal/journal.ts';
import { chainOf } from '../journal/rehearsed.ts';
import { downtimeOf } from './downtime.ts';

/**
 * What the downtime of a run on a real host is told by, the oldest first: it and those that it resumes, and where services
 * were down when these began, as before a way back, the runs since they were stopped.
 */
export async function nightOf(home: string, events: Event[]): Promise<Event[][]> {
  const chain = await chainOf(home, events);
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
    const down = downtimeOf(since);
    if (down) return down.until === null ? since : [];
  }
  return [];
}
