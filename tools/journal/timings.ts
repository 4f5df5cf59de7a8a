import { isDataSize } from '../text/data-size.ts';
import type { Event, Receipt, RunStarted } from './event.ts';
import type { Journals } from './journals.ts';

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
export async function timingsFor(journals: Journals, keys: Iterable<string>): Promise<Timings> {
  const wanted = new Set(keys);
  const timings: Timings = { ms: new Map(), from: null };
  const [onDumps, onSeeds]: [string[], string[]] = [[], []];
  for await (const { started, directory } of journals.beginnings()) {
    if (started.target.kind === 'host') continue;
    const list = started.data === null || isDataSize(started.data) ? onSeeds : onDumps;
    if (list.length < MOST_READ) list.push(directory);
  }
  for (const [directories, whole] of [
    [onDumps, true],
    [onSeeds, false],
  ] as const) {
    for (const directory of directories) {
      if (timings.ms.size === wanted.size) return timings;
      learn(timings, wanted, await journals.read(directory).catch(() => []), whole);
    }
  }
  return timings;
}

/** Takes over what is wanted and not known yet; of a `whole` rehearsal, only where it passed. */
function learn(timings: Timings, wanted: Set<string>, events: Event[], whole: boolean): void {
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
