import { open } from 'node:fs/promises';
import { journalIn } from '../text/home.ts';
import type { Event, RunStarted } from './event.ts';
import { READING, readJournal, runDirectories } from './journal.ts';
import { eventOf } from './read-event.ts';

/** How a run began, and the directory that holds the rest. */
export interface BegunRun {
  started: RunStarted;
  directory: string;
}

/**
 * The journals below a home (`.runbook`), for as long as one command lasts: that of a run that has ended is read once,
 * however many ask for it.
 */
export interface Journals {
  home: string;
  /** The directories of all runs, the oldest first. */
  directories(): Promise<string[]>;
  /** As readJournal. */
  read(directory: string): Promise<Event[]>;
  /** The first line of a run's journal; empty where there is none. */
  firstLine(directory: string): Promise<string>;
  /** How each run began, the newest first; a journal whose first line cannot be read is passed over. */
  beginnings(): AsyncGenerator<BegunRun>;
}

export function openJournals(home: string): Journals {
  const ended = new Map<string, Event[]>();
  const firstLines = new Map<string, string>();
  const directories = () => runDirectories(home);
  const firstLine = async (directory: string) => {
    const line = firstLines.get(directory) ?? (await firstLineOf(journalIn(directory)).catch(() => ''));
    if (line !== '') firstLines.set(directory, line);
    return line;
  };
  return {
    ...{ home, directories, firstLine },
    async read(directory) {
      const events = ended.get(directory) ?? (await readJournal(directory));
      // What has no end may be written to by another tool.
      if (events.some(({ type }) => type === 'run-finished')) ended.set(directory, events);
      return events;
    },
    async *beginnings() {
      for (const directory of (await directories()).reverse()) {
        const started = eventOf(await firstLine(directory));
        if (started?.type === 'run-started') yield { started, directory };
      }
    },
  };
}

async function firstLineOf(path: string): Promise<string> {
  const file = await open(path, READING);
  try {
    for await (const line of file.readLines({ autoClose: false })) return line;
    return '';
  } finally {
    await file.close();
  }
}
