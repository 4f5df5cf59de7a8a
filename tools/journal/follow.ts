import { open } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { journalIn } from '../text/home.ts';
import type { Event } from './event.ts';
import { JournalError, READING } from './journal.ts';
import { eventOf } from './read-event.ts';

/** What has come to a journal, and whether nothing more can. */
export interface Followed {
  events: Event[];
  /** The run has ended, or the process that wrote of it has. */
  isOver: boolean;
}

/** Whoever looks on sees a block end so much later at most. */
const LOOK_EVERY_MS = 250;
const READ_BYTES = 1024 * 1024;

/**
 * What another process writes to a run's journal, as it comes: first all that is there, and the last is over, unless
 * `signal` aborts before. What blocks print is in no journal. Throws JournalError where there is no journal of a run, or where
 * a line of it is no event.
 */
export async function* followJournal(directory: string, signal: AbortSignal): AsyncGenerator<Followed> {
  const path = journalIn(directory);
  const file = await open(path, READING).catch((error: Error) => {
    throw new JournalError(`${path} cannot be read: ${error.message}`);
  });
  try {
    const reader = lineReader(file);
    const read = async () => (await reader()).map((line) => eventIn(line, path));
    let events = await read();
    const [started] = events;
    if (started?.type !== 'run-started')
      throw new JournalError(`${path} does not begin with the start of a run`);
    while (!signal.aborted) {
      const isAlive = isAtWork(started);
      // What a process has written before its end is there once its end has been seen.
      if (!isAlive) events.push(...(await read()));
      const isOver = !isAlive || events.some(({ type }) => type === 'run-finished');
      if (isOver || events.length > 0) yield { events, isOver };
      if (isOver) return;
      await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      events = await read();
    }
  } finally {
    await file.close();
  }
}

/** Gives the lines that have been ended since it was asked last. */
function lineReader(file: Awaited<ReturnType<typeof open>>): () => Promise<string[]> {
  const buffer = Buffer.alloc(READ_BYTES);
  let rest = Buffer.alloc(0);
  return async () => {
    const pieces = [rest];
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, READ_BYTES, null);
      if (bytesRead === 0) break;
      pieces.push(Buffer.from(buffer.subarray(0, bytesRead)));
    }
    const all = Buffer.concat(pieces);
    const end = all.lastIndexOf('\n') + 1;
    rest = all.subarray(end);
    return all.toString('utf8', 0, end).split('\n').slice(0, -1);
  };
}

function eventIn(line: string, path: string): Event {
  const event = eventOf(line);
  if (event) return event;
  throw new JournalError(`${path}: a line is no event, so the journal has been damaged`);
}

/** Whether the process of a run is there. A journal of an older version does not say which it is: it counts as over. */
export function isAtWork({ pid }: { pid?: number | undefined }): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
