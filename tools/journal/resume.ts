import { readFile, stat } from 'node:fs/promises';
import { journalIn } from '../text/home.ts';
import { type Earlier, foldEarlier } from './earlier.ts';
import type { Event, RunStarted } from './event.ts';
import { JournalError } from './journal.ts';
import type { Journals } from './journals.ts';

/**
 * The runs on a host of this name, the newest first, each with what the runs left that it went on from. Throws
 * JournalError, with the file, the line and what to do, at a journal that cannot be read: what it records may have
 * happened on this host, so nothing older counts. Only one whose beginning names another host is passed over.
 */
export async function earlierRuns(journals: Journals, host: string): Promise<Earlier[]> {
  const runs = new Map<string, Earlier>();
  for (const directory of await journals.directories()) {
    const path = journalIn(directory);
    if (!(await isThere(path))) continue;
    const events = await eventsOn(host, directory, journals);
    if (!events) continue;
    const { id } = events[0] as RunStarted;
    runs.set(id, foldEarlier(events, olderOf(events, runs, path)));
  }
  return [...runs.values()].reverse();
}

/**
 * The run that a run went on from: it may have begun what that one did not come to itself. Nobody needs it where that
 * one passed.
 */
function olderOf(events: Event[], runs: Map<string, Earlier>, path: string): Earlier | null {
  const { resumes } = events[0] as RunStarted;
  const found = resumes === null ? null : (runs.get(resumes) ?? null);
  const passed = events.some((event) => event.type === 'run-finished' && event.status === 'passed');
  if (resumes === null || found || passed) return found;
  throw new JournalError(
    `${path}: this run went on from run ${resumes}, whose journal is not there: put it back, or move this one away, too`,
  );
}

/** The events of a run on this host; null where it was on another: then nothing else is read of it. */
async function eventsOn(host: string, directory: string, journals: Journals): Promise<Event[] | null> {
  const other = hostOf(await journals.firstLine(directory));
  if (other !== null && other !== host) return null;
  try {
    return await journals.read(directory);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    if (await neverBegan(directory)) return null;
    throw unreadable(error, directory, host);
  }
}

/** No block begins before the first line is whole on disk, with its end. */
const neverBegan = (directory: string) =>
  readFile(journalIn(directory)).then(
    (bytes) => !bytes.includes('\n'),
    () => false,
  );

/** What lies among the runs without a journal is none: a run begins by making it. */
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT' && code !== 'ENOTDIR',
  );

/** The host that a journal's first line names; null where that line cannot be read. */
function hostOf(first: string): string | null {
  try {
    return (JSON.parse(first) as RunStarted).target.name ?? null;
  } catch {
    return null;
  }
}

const unreadable = ({ message }: JournalError, directory: string, host: string) =>
  new JournalError(
    `${message}\nSo it is not known what was done on ${host}, and an older run is not gone on from. ` +
      `Mend that line, or find out what that run did and move ${directory} away.`,
  );
