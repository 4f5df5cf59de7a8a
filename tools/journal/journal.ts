import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from './event.ts';

/** A run's record on disk: each event is on it before the next block starts. */
export interface Journal {
  id: string;
  directory: string;
  append(event: Event): Promise<void>;
  close(): Promise<void>;
}

export class JournalError extends Error {
  override name = 'JournalError';
}

/** Makes `.runbook/runs/<id>/` below `home` (`.runbook`) and points `.runbook/last` at it. */
export async function createJournal(home: string, now: Date): Promise<Journal> {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const id = `${stamp}-${randomBytes(2).toString('hex')}`;
  const directory = join(home, 'runs', id);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = await open(join(directory, 'journal.jsonl'), 'ax', 0o600);
  await pointAt(join(home, 'last'), join('runs', id));
  return { id, directory, append: (event) => append(file, event), close: () => file.close() };
}

async function append(file: FileHandle, event: Event): Promise<void> {
  if (event.type === 'block-printed') return;
  try {
    await file.appendFile(`${JSON.stringify(event)}\n`);
    await file.datasync();
  } catch (error) {
    throw new JournalError(
      `the journal cannot be written, so nothing more is run: ${(error as Error).message}`,
    );
  }
}

/** A rename replaces the old link at once: there is never none. */
async function pointAt(link: string, to: string): Promise<void> {
  const draft = `${link}.${process.pid}`;
  await rm(draft, { force: true });
  await symlink(to, draft);
  await rename(draft, link);
}

/**
 * The events of a run's journal. A last line that a killed process left half written is let go.
 * Throws JournalError where there is no such run, or where another line is no event.
 */
export async function readJournal(directory: string): Promise<Event[]> {
  const path = join(directory, 'journal.jsonl');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new JournalError(`${path} cannot be read: is there such a run?`);
  });
  const lines = text.split('\n');
  const events = lines.slice(0, -1).map((line, i): Event => {
    try {
      return JSON.parse(line) as Event;
    } catch {
      throw new JournalError(`${path}:${i + 1}: this line is no event`);
    }
  });
  if (events[0]?.type !== 'run-started' || events[0].format !== 1) {
    throw new JournalError(`${path}: no journal of a format that this version reads`);
  }
  return events;
}

/** The directories of all runs, oldest first. */
export async function runDirectories(home: string): Promise<string[]> {
  const names = await readdir(join(home, 'runs')).catch(() => []);
  return names.sort().map((name) => join(home, 'runs', name));
}
