import { dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import { hostNames } from '../document/front-matter.ts';
import type { Host } from '../host/host.ts';
import { listBlocks, type RunningBlock } from '../host/leftover.ts';
import { localHost } from '../host/local.ts';
import { beginnings } from '../journal/beginnings.ts';
import { CannotRun } from '../outcome/output.ts';
import { showDuration } from '../text/duration.ts';

/** What a run is about to begin, and what it goes on from. */
export interface Beginner {
  document: Document;
  host: Host;
  /** What the host is called in journals. */
  target: string;
  /** The directory of all that the tool keeps: `.runbook`. */
  home: string;
  /** The id of the run that is resumed: its blocks are its own. */
  resumes: string | null;
}

/**
 * Throws CannotRun where a block of a run whose tool is dead still runs: on the host, in a service, or on this machine. It
 * is for who has the lock: the tool of every such run is gone.
 */
export async function refuseBesideRunning(beginner: Beginner): Promise<void> {
  const { known, own } = await runsKnownTo(beginner);
  const isOther = ({ run }: RunningBlock) => known.has(run) && known.get(run) !== beginner.target;
  for (const { place, name, isShared, stoppable } of placesOf(beginner)) {
    const blocks = await listBlocks(place.start).catch((error) => {
      // In a service that does not run, nothing does.
      if (stoppable && error instanceof CannotRun) return [];
      throw error;
    });
    const running = blocks.filter((block) => !own.has(block.run) && !isOther(block));
    const found = running.find(({ run }) => !isShared || known.has(run));
    if (found) throw new CannotRun(refusal(found, place, name));
  }
}

interface Place {
  place: Host;
  name: string;
  /** Whether runs on other hosts leave their blocks there, too. */
  isShared: boolean;
  stoppable: boolean;
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

/** The target of each run that is recorded here, and the runs that the resumed one has gone on from, with itself. */
async function runsKnownTo({ home, resumes }: Beginner) {
  const known = new Map<string, string>();
  const own = new Set(resumes === null ? [] : [resumes]);
  // The newest come first: a run before the one that it went on from.
  for await (const { started } of beginnings(home)) {
    known.set(started.id, started.target.name);
    if (own.has(started.id) && started.resumes !== null) own.add(started.resumes);
  }
  return { known, own };
}

function refusal({ run, name, attempt, pid, ageMs }: RunningBlock, place: Host, where: string): string {
  const times = attempt > 1 ? `, attempt ${attempt},` : '';
  const age = ageMs === null ? '' : `, for ${showDuration(ageMs)}`;
  return [
    `a block of an earlier run still runs on ${where}: ${name}${times} of run ${run}, process ${pid}${age}.`,
    `Wait for its end, go on with that run (\`run … --resume ${run}\`),`,
    `or end it with: ${place.typed(['kill', String(pid)])}`,
  ].join(' ');
}
