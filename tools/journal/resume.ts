import { readFile, stat } from 'node:fs/promises';
import { journalIn } from '../text/home.ts';
import type { BlockFinished, Event, RunStarted } from './event.ts';
import { variablesLeftBy } from './exported.ts';
import { JournalError, readJournal, runDirectories } from './journal.ts';

/** What an earlier run left for a later one. */
export interface Earlier {
  id: string;
  procedure: string;
  /** What it was bound to; null where it recorded nothing. */
  identity: RunStarted['identity'];
  /** Its blocks that passed, as their events. */
  passed: BlockFinished[];
  /** Exported and captured, with the values last seen. */
  variables: Record<string, string>;
  finished: boolean;
}

/** A run as a fold over its journal. */
function foldEarlier(events: Event[]): Earlier {
  const { id, procedure, identity } = events[0] as RunStarted;
  const passed = events.filter(
    (event) => event.type === 'block-finished' && event.outcome.status === 'passed',
  ) as BlockFinished[];
  const end = events.find((event) => event.type === 'run-finished');
  return {
    id,
    procedure,
    identity,
    passed,
    variables: variablesLeftBy(...passed),
    finished: end?.status === 'passed',
  };
}

/**
 * The runs on a host of this name, the newest first. Throws JournalError, with the file, the line and what to do,
 * at a journal that cannot be read: what it records may have happened on this host, so nothing older counts. Only
 * one whose beginning names another host is passed over.
 */
export async function* earlierRuns(home: string, host: string): AsyncGenerator<Earlier> {
  for (const directory of (await runDirectories(home)).reverse()) {
    const path = journalIn(directory);
    if (!(await isThere(path))) continue;
    const events = await readJournal(directory).catch(async (error: unknown) => {
      if (!(error instanceof JournalError)) throw error;
      const other = await hostOf(path);
      if (other === null || other === host) throw unreadable(error, directory, host);
      return null;
    });
    const started = events?.[0] as RunStarted | undefined;
    if (events && started?.target.name === host) yield foldEarlier(events);
  }
}

/** What lies among the runs without a journal is none: a run begins by making it. */
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT' && code !== 'ENOTDIR',
  );

/** The host that a journal's first line names; null where that line cannot be read either. */
async function hostOf(path: string): Promise<string | null> {
  try {
    const [first = ''] = (await readFile(path, 'utf8')).split('\n');
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
