import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { journalIn } from '../text/home.ts';
import type { RunStarted } from './event.ts';
import { runDirectories } from './journal.ts';
import { eventOf } from './read-event.ts';

/** How a run began, and the directory that holds the rest. */
export interface BegunRun {
  started: RunStarted;
  directory: string;
}

/** How each run below `home` began, the newest first; a journal whose first line cannot be read is passed over. */
export async function* beginnings(home: string): AsyncGenerator<BegunRun> {
  for (const directory of (await runDirectories(home)).reverse()) {
    const started = eventOf(await firstLine(journalIn(directory)).catch(() => ''));
    if (started?.type === 'run-started') yield { started, directory };
  }
}

async function firstLine(path: string): Promise<string> {
  const file = createReadStream(path);
  try {
    for await (const line of createInterface({ input: file })) return line;
    return '';
  } finally {
    file.destroy();
  }
}
