import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readJournal } from '../journal/journal.ts';
import { type Journals, openJournals } from '../journal/journals.ts';
import { neededRuns } from '../journal/needed.ts';
import type { RecordedRun } from '../journal/recorded.ts';
import { unitsKnown } from '../journal/units.ts';
import { homeOf } from '../perform.ts';
import { count } from '../text/count.ts';
import { journalIn, pageIn, reportIn, runsOf } from '../text/home.ts';
import { showSize } from '../text/size.ts';
import { bytesOf } from './bytes.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { readDocument } from './read.ts';
import { replicaIdsIn } from './replica-ids.ts';
import { describeRun, readRuns, sizeOf } from './runs.ts';

export interface PruneOptions {
  /** So many of the newest runs stay. */
  keep?: number;
  /** Only what is older than so many milliseconds goes. */
  olderThanMs?: number;
  /** Whether it is only said what would be removed. */
  dryRun: boolean;
}

/** Where nobody says what is to stay. */
const KEPT = 10;

/**
 * Removes the runs of a page that nobody needs any more, and says of each what became of it, and why it stays. Throws
 * CommandError where the page cannot be read, as nobody knows then which rehearsal vouches for it, or where the directory
 * of runs leads elsewhere.
 */
export async function pruneRuns(
  path: string,
  options: PruneOptions,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const document = await readDocument(path);
  const home = homeOf(document);
  await refuseLink(runsOf(home));
  const runs = await readRuns(home);
  const { embedded, docker } = await replicaIdsIn(home);
  const journals = journalsOf(home, runs);
  const needed = neededRuns(runs, {
    page: basename(path),
    bytes: await bytesOf(document),
    units: await unitsKnown(journals, new Set(runs.map(({ id }) => id))),
    replicas: [...embedded, ...docker],
    left: new Map(await Promise.all(runs.map(async (run) => [run.id, await leftIn(run)] as const))),
  });
  const removed: RecordedRun[] = [];
  const kept: RecordedRun[] = [];
  for (const [i, run] of [...runs].reverse().entries()) {
    const why = needed.get(run.id) ?? whyWanted(run, i, options);
    if (why === null) {
      if (!options.dryRun) await remove(run.directory);
      print(
        `${options.dryRun ? 'would remove' : 'removed'} ${run.id}: ${describeRun(run)}, ${showSize(run.bytes)}`,
      );
      removed.push(run);
    } else {
      print(`kept ${run.id}: ${why}`);
      kept.push(run);
    }
  }
  const sum = (some: RecordedRun[]) => `${count(some.length, 'run')}, ${showSize(sizeOf(some))}`;
  print(`${options.dryRun ? 'would remove' : 'removed'} ${sum(removed)}; kept ${sum(kept)}`);
  return EXIT.passed;
}

/**
 * The journals that can be read, and no other file. Each is read for itself: together they may be more than fits into
 * memory.
 */
const journalsOf = (home: string, runs: readonly RecordedRun[]): Journals => ({
  ...openJournals(home),
  read: readJournal,
  async *beginnings() {
    for (const { read, directory } of [...runs].reverse())
      if (read) yield { started: read.started, directory };
  },
});

/** Why a run stays that nobody needs: it is new. */
function whyWanted({ read }: RecordedRun, i: number, { keep, olderThanMs }: PruneOptions): string | null {
  const newest = keep ?? (olderThanMs === undefined ? KEPT : 0);
  if (i < newest) return `it is among the ${newest} newest`;
  const age = Date.now() - Date.parse(read?.end?.at ?? '');
  return olderThanMs !== undefined && !(age > olderThanMs) ? 'it is not old enough' : null;
}

async function refuseLink(directory: string): Promise<void> {
  const stats = await lstat(directory).catch(() => null);
  if (!stats?.isSymbolicLink()) return;
  throw new CommandError(
    EXIT.refused,
    `${directory} is a link, and nothing is removed where it leads: prune it there`,
  );
}

/** What the blocks of a run left in its directory. */
async function leftIn({ directory, read }: RecordedRun): Promise<string[]> {
  if (!read) return [];
  const reports = [reportIn(directory, 'json'), reportIn(directory, 'html')];
  const own = [journalIn(directory), pageIn(directory), ...reports].map((file) => basename(file));
  return (await readdir(directory)).filter((name) => !own.includes(name)).sort();
}

/** The journal goes last: what is interrupted can still be read, and goes the next time. */
async function remove(directory: string): Promise<void> {
  const journal = basename(journalIn(directory));
  for (const name of await readdir(directory))
    if (name !== journal) await rm(join(directory, name), { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
}
