import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  symlink,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { journalIn, lastRunOf, runDirectory, runsOf } from '../text/home.ts';
import type { Event } from './event.ts';
import { eventOf } from './read-event.ts';

/** A run's record on disk: each event is on it before the next block starts. */
export interface Journal {
  id: string;
  directory: string;
  /** With the first event, `.runbook/last` comes to point at the run. */
  append(event: Event): Promise<void>;
  close(): Promise<void>;
  /** Takes it away, of which nothing could be recorded. Never throws. */
  discard(): Promise<void>;
}

export class JournalError extends Error {
  override name = 'JournalError';
}

/**
 * Sees that a run can be recorded below `home` (`.runbook`), before anything is begun that would have to be recorded.
 * Throws JournalError that says what to do.
 */
export async function checkJournalHome(home: string): Promise<void> {
  const runs = runsOf(home);
  if (/^\/(?:dev|proc)\//.test(home))
    throw new JournalError(
      `a run is recorded beside its page, and nothing stays in ${dirname(home)}: save the page as a file`,
    );
  try {
    // Each by itself: of a file system that is read-only, Node's `recursive` says that it is not there.
    for (const directory of [home, runs]) await mkdir(directory, { mode: 0o700 }).catch(unlessThere);
    const trial = await mkdtemp(join(runs, '.trial-'));
    await rmdir(trial);
    const link = `${lastRunOf(home)}.${process.pid}`;
    await symlink('runs', link);
    await rm(link);
  } catch (error) {
    throw cannotRecord(runs, error as Error);
  }
}

const unlessThere = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EEXIST') throw error;
};

const cannotRecord = (runs: string, { message }: Error) =>
  new JournalError(
    `a run is recorded in ${runs}, and nothing can be written there: ${message}: ` +
      'make it a directory that you may write to, on a disk with room',
  );

/** Makes `.runbook/runs/<id>/` below `home` (`.runbook`). Throws JournalError where it cannot. */
export async function createJournal(home: string, now: Date): Promise<Journal> {
  try {
    return await makeJournal(home, now);
  } catch (error) {
    throw cannotRecord(runsOf(home), error as Error);
  }
}

async function makeJournal(home: string, now: Date): Promise<Journal> {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const id = `${stamp}-${randomBytes(2).toString('hex')}`;
  const directory = runDirectory(home, id);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = await open(journalIn(directory), 'ax', 0o600);
  let isBegun = false;
  return {
    id,
    directory,
    async append(event) {
      await append(file, event);
      if (isBegun || event.type === 'block-printed') return;
      await pointAt(lastRunOf(home), relative(home, directory)).catch(cannotAppend);
      isBegun = true;
    },
    close: () => file.close(),
    async discard() {
      await file.close().catch(() => undefined);
      await rm(directory, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

async function append(file: FileHandle, event: Event): Promise<void> {
  if (event.type === 'block-printed') return;
  try {
    await file.appendFile(`${JSON.stringify(event)}\n`);
    await file.datasync();
  } catch (error) {
    cannotAppend(error as Error);
  }
}

function cannotAppend({ message }: Error): never {
  throw new JournalError(`the journal cannot be written, so nothing more is run: ${message}`);
}

/** A rename replaces the old link at once: there is never none. */
async function pointAt(link: string, to: string): Promise<void> {
  const draft = `${link}.${process.pid}`;
  await rm(draft, { force: true });
  await symlink(to, draft);
  await rename(draft, link);
}

/** How a journal is opened: of a fifo in its place, nobody would ever see the end, and here it is empty. */
export const READING = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * The events of a run's journal. A last line that a killed process left half written is let go.
 * Throws JournalError where there is no such run, or where another line is no event.
 */
export async function readJournal(directory: string): Promise<Event[]> {
  const path = journalIn(directory);
  const text = await readFile(path, { encoding: 'utf8', flag: READING }).catch(() => {
    throw new JournalError(`${path} cannot be read: is there such a run?`);
  });
  const lines = text.split('\n').slice(0, -1);
  if (!isOfThisFormat(lines[0] ?? ''))
    throw new JournalError(`${path}: no journal of a format that this version reads`);
  return lines.map((line, i): Event => {
    const event = eventOf(line);
    if (event) return event;
    throw new JournalError(
      `${path}:${i + 1}: this line is no event, so the journal has been damaged: restore it from a copy, or move it away`,
    );
  });
}

/** A journal of format 1 has no keys of blocks, and no record of their beginnings. */
const FORMATS: readonly unknown[] = [1, 2];

/** A first line that is damaged is said to be so, for nobody knows of which format it was. */
function isOfThisFormat(first: string): boolean {
  try {
    const { type, format } = JSON.parse(first) ?? {};
    return type === 'run-started' && FORMATS.includes(format);
  } catch {
    return first !== '';
  }
}

/** The directories of all runs, oldest first. */
export async function runDirectories(home: string): Promise<string[]> {
  const names = await readdir(runsOf(home)).catch(() => []);
  const ids = names.filter((name) => /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(name));
  return ids.sort().map((name) => runDirectory(home, name));
}
