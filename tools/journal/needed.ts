import type { ReadRun, RecordedRun } from './recorded.ts';
import type { UnitState } from './units.ts';

/** What decides besides the runs themselves whether one of them may go. */
export interface NeededBy {
  /** The name of the page's file: runs of others, beside it, are theirs. */
  page: string;
  /** SHA-256 over all that a rehearsal vouches for now. */
  bytes: string;
  /** What is known of the blocks of all runs, by their directories at the far side. */
  units: ReadonlyMap<string, UnitState>;
  /** The ids of replicas that are still there. */
  replicas: readonly string[];
  /** What else the directory of a run holds than its journal and its reports. */
  left: ReadonlyMap<string, readonly string[]>;
}

/**
 * Of each run that somebody may still need, by its id, why: it cannot be read, has no end or is the newest; one of its
 * blocks may still run; a later run builds on it; or it vouches for the page as it is. `runs` are the oldest first.
 */
export function neededRuns(runs: readonly RecordedRun[], by: NeededBy): Map<string, string> {
  const needed = new Map<string, string>();
  const vouching: Set<string | null | undefined>[] = [];
  const newestFirst = [...runs].reverse();
  for (const [i, run] of newestFirst.entries()) {
    const why = run.read
      ? (whyItself(run.id, run.read, i === 0, by) ??
        (run.read.started.target.kind === 'host'
          ? whyBuiltOn(run.read, newestFirst.slice(0, i), by.left.get(run.id) ?? [])
          : whyVouching(run.read, by, vouching)))
      : `it cannot be read: ${run.problem}`;
    if (why !== null) needed.set(run.id, why);
  }
  // What a run went on from is read with it. The newest come first, so that a chain is followed to its beginning.
  for (const { id, read } of newestFirst) {
    const before = read?.started.resumes;
    if (before && needed.has(id) && !needed.has(before)) needed.set(before, `${id} went on from it`);
  }
  return needed;
}

function whyItself(id: string, { started, end }: ReadRun, isNewest: boolean, by: NeededBy): string | null {
  const { runbook, target } = started;
  if (nameOf(runbook.path) !== by.page) return `it is one of another page, ${runbook.path}`;
  if (end === null) return 'it has no end: its tool was killed, or is still at work';
  if (isNewest) return 'it is the newest';
  for (const [unit, state] of by.units) {
    if (!unit.startsWith(`${id}/`)) continue;
    const name = unit.slice(id.length + 1).replace(/\.\d+$/, '');
    if (state === 'open') return `its block ${name} may still run`;
    if (state === 'unknown' && target.kind === 'host') return `nobody can say how its block ${name} ended`;
  }
  return by.replicas.includes(target.name) ? `its replica ${target.name} is still there` : null;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a real run left is used by later ones, until its procedure has passed on that host once more. */
function whyBuiltOn({ started }: ReadRun, later: RecordedRun[], left: readonly string[]): string | null {
  const { target, procedure } = started;
  const isPassedAgain = later.some(
    ({ read }) =>
      read?.end?.status === 'passed' &&
      read.started.target.kind === 'host' &&
      read.started.target.name === target.name &&
      read.started.procedure === procedure,
  );
  if (!isPassedAgain) return `a later run on ${target.name} may build on it`;
  return left.length > 0 ? `its blocks left files in its directory: ${left.join(', ')}` : null;
}

/** A rehearsal in which nothing passed but what passed in a newer one vouches for nothing that that one does not. */
function whyVouching(
  { started, end, passed }: ReadRun,
  { bytes }: NeededBy,
  vouching: Set<string | null | undefined>[],
): string | null {
  if (end?.status !== 'passed' || started.part || started.bytes !== bytes) return null;
  if (vouching.some((newer) => [...passed].every((key) => newer.has(key)))) return null;
  vouching.push(passed);
  return 'it vouches for the page as it is';
}
