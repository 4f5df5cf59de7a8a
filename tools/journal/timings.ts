import { isDataSize } from '../text/data-size.ts';
import { beginnings } from './beginnings.ts';
import type { Receipt, RunStarted } from './event.ts';
import { readJournal } from './journal.ts';

/** How long blocks took in rehearsals, by what they do, in milliseconds. */
export interface Timings {
  ms: Map<string, number>;
  /** The newest rehearsal that they are from; null where none is known. */
  from: Pick<Receipt, 'run' | 'data'> | null;
}

/** Of rehearsals beyond so many, an old one is more wrong than none. */
const MOST_READ = 20;

/**
 * How long the blocks with these keys took when they last passed: in a rehearsal on a dump of real data that passed, or
 * else in any.
 */
export async function timingsFor(home: string, keys: Iterable<string>): Promise<Timings> {
  const wanted = new Set(keys);
  const timings: Timings = { ms: new Map(), from: null };
  const [onDumps, onSeeds]: [string[], string[]] = [[], []];
  for await (const { started, directory } of beginnings(home)) {
    if (started.target.kind === 'host') continue;
    const list = started.data === null || isDataSize(started.data) ? onSeeds : onDumps;
    if (list.length < MOST_READ) list.push(directory);
  }
  for (const directory of onDumps) await learn(timings, wanted, directory, true);
  for (const directory of onSeeds) await learn(timings, wanted, directory, false);
  return timings;
}

/** Takes over what is wanted and not known yet; of a `whole` rehearsal, only where it passed. */
async function learn(
  timings: Timings,
  wanted: Set<string>,
  directory: string,
  whole: boolean,
): Promise<void> {
  if (timings.ms.size === wanted.size) return;
  const events = await readJournal(directory).catch(() => []);
  if (whole && !events.some((event) => event.type === 'run-finished' && event.status === 'passed')) return;
  const started = events[0] as RunStarted | undefined;
  const keys = new Map(started?.blocks.map(({ name, key }) => [name, key]));
  const found = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'block-finished' || event.outcome.status !== 'passed') continue;
    const key = keys.get(event.name);
    if (key && wanted.has(key) && !timings.ms.has(key)) found.set(key, Math.round(event.duration_ms));
  }
  for (const [key, ms] of found) timings.ms.set(key, ms);
  if (started && found.size > 0) timings.from ??= { run: started.id, data: started.data };
}
