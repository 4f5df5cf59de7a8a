import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { journalIn } from '../text/home.ts';
import type { Event, RunFinished, RunStarted } from './event.ts';
import { readJournal } from './journal.ts';
import { passedKeys } from './receipt.ts';

/** What lies in a run's directory, without what its blocks gave. */
export interface RecordedRun {
  id: string;
  directory: string;
  /** Of all that the directory holds. */
  bytes: number;
  /** What its journal says; null where that cannot be read. */
  read: ReadRun | null;
  /** Why it cannot be read, in words. */
  problem: string | null;
}

export interface ReadRun {
  started: RunStarted;
  /** Null of a run without an end: its tool was killed, or is still at work. */
  end: RunFinished | null;
  blocks: number;
  blocksPassed: number;
  /** The keys of the blocks that passed in it. */
  passed: Set<string | null | undefined>;
}

/** The run of a directory. What is no directory, such as a link that leads elsewhere, is not looked into. */
export async function recordedRun(directory: string): Promise<RecordedRun> {
  const run = { id: basename(directory), directory, bytes: 0, read: null, problem: null };
  const stats = await lstat(directory);
  if (!stats.isDirectory())
    return { ...run, problem: 'it is no directory, and nothing was looked for there' };
  try {
    run.bytes = await sizeOf(directory);
    const journal = await lstat(journalIn(directory)).catch(() => null);
    if (journal?.isFile() === false) return { ...run, problem: 'its journal is no file' };
    return { ...run, read: readingOf(await readJournal(directory)) };
  } catch (error) {
    // One run that cannot be read keeps nobody from seeing the others.
    return { ...run, problem: (error as Error).message };
  }
}

function readingOf(events: Event[]): ReadRun {
  const started = events[0] as RunStarted;
  const planned = started.blocks.filter(({ probe_of }) => probe_of === undefined).map(({ name }) => name);
  const passed = new Set(
    events.flatMap((event) =>
      (event.type === 'block-finished' || event.type === 'block-carried') && event.outcome.status === 'passed'
        ? [event.name]
        : [],
    ),
  );
  return {
    started,
    end: events.find((event): event is RunFinished => event.type === 'run-finished') ?? null,
    blocks: planned.length,
    blocksPassed: planned.filter((name) => passed.has(name)).length,
    passed: passedKeys(started, events),
  };
}

/** Of all below a directory, in bytes. A link counts as itself, wherever it leads. */
async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? sizeOf(path) : (await lstat(path)).size;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
