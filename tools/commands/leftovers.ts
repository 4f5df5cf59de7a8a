import { dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { hostNames } from '../document/front-matter.ts';
import type { Host } from '../host/host.ts';
import { type LeftBlock, listBlocks, sweepBlocks } from '../host/leftover.ts';
import { localHost } from '../host/local.ts';
import type { Journals } from '../journal/journals.ts';
import { type UnitState, unitsKnown } from '../journal/units.ts';
import { CannotRun } from '../outcome/output.ts';
import { count } from '../text/count.ts';
import { showDuration } from '../text/duration.ts';

/** What a run is about to begin, and what it goes on from. */
export interface Beginner {
  document: Document;
  host: Host;
  /** What the host is called in journals. */
  target: string;
  journals: Journals;
  /** The id of the run that is resumed. */
  resumes: string | null;
  /** Directories of blocks that are gone on with, by their names below the far side's state. */
  goesOn: ReadonlySet<string>;
}

/**
 * Looks for what blocks of earlier runs left: on the host, in services, and on this machine. What a journal says has ended
 * is removed; what no journal knows the end of stays. Gives lines that tell the person of both. Throws CannotRun with all
 * blocks that still run, and ways out. It is for who has the lock: the tool of every such run is gone.
 */
export async function clearLeftovers(beginner: Beginner): Promise<string[]> {
  const known = await runsKnownTo(beginner);
  const places = await Promise.all(
    placesOf(beginner).map(async (place) => ({ ...place, blocks: await blocksAt(place) })),
  );
  const runs = new Set(places.flatMap(({ blocks }) => blocks.map(({ run }) => run)));
  const units = runs.size > 0 ? await unitsKnown(beginner.journals, runs) : new Map<string, UnitState>();
  const found = places.map((place) => sorted(place, known, units, beginner));
  const running = found.flatMap((one) => one.running.map((block) => refusal(block, one, known)));
  if (running.length > 0) throw new CannotRun(running.join('\n'));
  return (await Promise.all(found.map(tidied))).flat();
}

interface Place {
  place: Host;
  name: string;
  /** Whether runs of other runbooks, and on other hosts, leave their blocks there, too. */
  isShared: boolean;
  stoppable: boolean;
}

interface PlaceWithBlocks extends Place {
  blocks: LeftBlock[];
}

/** The blocks of a place by what is done about them. */
interface Found extends Place {
  running: LeftBlock[];
  /** A journal says that they have ended. */
  over: LeftBlock[];
  /** No journal says so, with what is told of each. */
  kept: { block: LeftBlock; why: string }[];
}

function placesOf({ document, host, target }: Beginner): Place[] {
  const { blocks, frontMatter, path } = document;
  const elsewhere = new Set(['local', ...hostNames(frontMatter)]);
  const services = blocks.filter(({ language, on }) => language !== 'sql' && !elsewhere.has(on));
  return [
    { place: host, name: target, isShared: false, stoppable: false },
    ...[...new Set(services.map(({ on }) => on))].map((service) => ({
      place: host.inside(service),
      name: `${target}, in service ${service}`,
      isShared: false,
      stoppable: true,
    })),
    {
      place: localHost({ directory: dirname(resolve(path)) }),
      name: 'this machine',
      isShared: true,
      stoppable: false,
    },
  ];
}

async function blocksAt({ place, stoppable }: Place): Promise<LeftBlock[]> {
  return listBlocks(place.start).catch((error) => {
    // In a service that does not run, nothing does.
    if (stoppable && error instanceof CannotRun) return [];
    throw error;
  });
}

interface KnownRuns {
  /** The target of each run that is recorded here. */
  targets: Map<string, string>;
  /** The runs that the resumed one has gone on from, with itself. */
  own: Set<string>;
}

async function runsKnownTo({ journals, resumes }: Beginner): Promise<KnownRuns> {
  const targets = new Map<string, string>();
  const own = new Set(resumes === null ? [] : [resumes]);
  // The newest come first: a run before the one that it went on from.
  for await (const { started } of journals.beginnings()) {
    targets.set(started.id, started.target.name);
    if (own.has(started.id) && started.resumes !== null) own.add(started.resumes);
  }
  return { targets, own };
}

function sorted(
  { blocks, ...place }: PlaceWithBlocks,
  { targets }: KnownRuns,
  units: Map<string, UnitState>,
  { target, goesOn }: Beginner,
): Found {
  const found: Found = { ...place, running: [], over: [], kept: [] };
  for (const block of blocks) {
    const { run, unit, state } = block;
    if (goesOn.has(unit) || (place.isShared && !targets.has(run))) continue;
    const isOther = targets.has(run) && targets.get(run) !== target;
    if (state === 'running' || state === 'orphaned') {
      if (!isOther) found.running.push(block);
    } else if (units.get(unit) === 'ended') found.over.push(block);
    else if (!isOther && (state === 'ended' || state === 'gone'))
      found.kept.push({ block, why: whyKept(run, units.get(unit), targets.has(run)) });
  }
  return found;
}

function whyKept(run: string, state: UnitState | undefined, isKnown: boolean): string {
  if (!isKnown) return 'no journal here knows its run';
  if (state === 'open') return `its journal does not know its end: \`run … --resume ${run}\` looks it up`;
  return 'its journal says that nobody could tell how it ended';
}

async function tidied({ place, name, over, kept }: Found): Promise<string[]> {
  const removed = await sweepBlocks(place.start, over);
  const what = removed.map(({ unit }) => unit).join(', ');
  return [
    ...(removed.length > 0
      ? [`removed from ${name}, of ${count(removed.length, 'block')} whose end is recorded: ${what}`]
      : []),
    ...kept.map(({ block, why }) => keptLine(block, why, place, name)),
  ];
}

function keptLine(
  { run, directory, exitStatus, ...block }: LeftBlock,
  why: string,
  place: Host,
  where: string,
) {
  const end =
    exitStatus === null ? 'has neither a process nor an exit status' : `ended with exit status ${exitStatus}`;
  return [
    `kept on ${where}: ${named(block)} of run ${run} ${end}, and ${why}.`,
    `What it printed stands in ${directory}; this removes it: ${place.typed(['rm', '-r', directory])}`,
  ].join(' ');
}

function refusal(block: LeftBlock, { place, name: where, stoppable }: Place, { own }: KnownRuns): string {
  const { run, pid, group, ageMs, state } = block;
  const age = ageMs === null ? '' : `, for ${showDuration(ageMs)}`;
  const isOrphaned = state === 'orphaned';
  const process = isOrphaned ? `process group ${group}` : `process ${pid}`;
  // Before a group, dash and busybox know no `--`.
  const kill = group === null ? ['kill', '-KILL', String(pid)] : ['kill', '-TERM', `-${group}`];
  // An image may have no such program; the block itself is a bash.
  const words = stoppable ? ['bash', '-c', kill.join(' ')] : kill;
  // What is not gone on with would run beside its first run.
  const goOn = own.has(run) ? '' : ` go on with that run (\`run … --resume ${run}\`),`;
  return [
    `a block of an earlier run still runs on ${where}: ${named(block)} of run ${run}, ${process}${age}.`,
    ...(isOrphaned ? ['What watched over it has gone, so its exit status will not be known.'] : []),
    `Wait for its end,${goOn}`,
    `or end it with: ${place.typed(words)}`,
  ].join(' ');
}

const named = ({ name, attempt }: Pick<LeftBlock, 'name' | 'attempt'>): string =>
  attempt > 1 ? `${name}, attempt ${attempt},` : name;
