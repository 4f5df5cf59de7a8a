import { basename } from 'node:path';
import type { Event, RunStarted } from './event.ts';
import { JournalError } from './journal.ts';
import type { Journals } from './journals.ts';

/**
 * The events of the newest rehearsal that passed and had all the blocks of a run in it, as they are now; null where
 * there is none. A journal that cannot be read is passed over: it proves nothing.
 */
export async function newestRehearsal(journals: Journals, { blocks }: RunStarted): Promise<Event[] | null> {
  const keys = blocks.map(({ key }) => key);
  if (keys.includes(null)) return null;
  for (const directory of (await journals.directories()).reverse()) {
    const events = await journals.read(directory).catch((error: unknown) => {
      if (error instanceof JournalError) return [];
      throw error;
    });
    if (isRehearsalOf(keys, events)) return events;
  }
  return null;
}

function isRehearsalOf(keys: (string | null)[], events: Event[]): boolean {
  const [started] = events;
  if (started?.type !== 'run-started' || started.target.kind === 'host') return false;
  const there = new Set(started.blocks.map(({ key }) => key));
  const passed = events.some((event) => event.type === 'run-finished' && event.status === 'passed');
  return passed && keys.every((key) => there.has(key));
}

/** The events of a run and of those that it resumes, the oldest first; as far back as there are journals. */
export async function chainOf(journals: Journals, events: Event[]): Promise<Event[][]> {
  const directories = await journals.directories();
  const chain = [events];
  while (chain.length <= directories.length) {
    const [{ resumes }] = (chain[0] ?? []) as [RunStarted];
    const directory = resumes && directories.find((one) => basename(one) === resumes);
    if (!directory) break;
    const older = await journals.read(directory).catch(() => null);
    if (!older) break;
    chain.unshift(older);
  }
  return chain;
}
