import type { Event, RunStarted } from './event.ts';
import type { BegunRun, Journals } from './journals.ts';
import { lineage } from './lineage.ts';

/**
 * What is recorded of a block's directory at the far side: the block's end; that nobody could say how it ended; or only
 * that it may have begun.
 */
export type UnitState = 'ended' | 'unknown' | 'open';

/** What the journal of one run says of directories, by their names below the far side's state. */
export function unitsOf(events: readonly Event[]): Map<string, UnitState> {
  const { id } = events[0] as RunStarted;
  const units = new Map<string, UnitState>();
  const current = new Map<string, string>();
  // What a block had before, it has no more use for: it was tried again, or had never begun there.
  const move = (name: string, unit: string) => {
    const last = current.get(name);
    if (last !== undefined && last !== unit) units.set(last, 'ended');
    current.set(name, unit);
    units.set(unit, 'open');
  };
  for (const event of events) {
    if (event.type === 'block-started') {
      const { goes_on, name, attempt } = event;
      move(name, goes_on?.answered?.unit ?? `${id}/${name}.${attempt}`);
    } else if (event.type === 'block-begun') move(event.name, event.unit);
    else if (event.type === 'block-finished') {
      const unit = current.get(event.name);
      const { outcome, output, unanswered } = event;
      const isOpen = outcome.status === 'unknown' ? unanswered : output === null;
      const state = isOpen ? 'open' : outcome.status === 'unknown' ? 'unknown' : 'ended';
      if (unit !== undefined) units.set(unit, state);
    }
  }
  return units;
}

/**
 * What journals say of the directories of these runs; a journal that cannot be read says nothing. Where a
 * run that went on from one of them has passed, nothing that was unknown matters any more.
 */
export async function unitsKnown(
  journals: Journals,
  runs: ReadonlySet<string>,
): Promise<Map<string, UnitState>> {
  const known = new Map<string, UnitState>();
  const of = new Set(runs);
  const all: BegunRun[] = [];
  for await (const one of journals.beginnings()) all.unshift(one);
  const begun = all.map(({ started }) => started);
  for (const { started, directory } of all) {
    if (!of.has(started.id) && !(started.resumes !== null && of.has(started.resumes))) continue;
    of.add(started.id);
    const events = await journals.read(directory).catch(() => null);
    if (!events) continue;
    for (const [unit, state] of unitsOf(events)) known.set(unit, state);
    const passed = events.some((event) => event.type === 'run-finished' && event.status === 'passed');
    if (passed) settle(known, lineage(started, begun));
  }
  return known;
}

/** Of these runs, and of one that the last of them went on from, whose journal is not there any more. */
function settle(known: Map<string, UnitState>, runs: RunStarted[]): void {
  const ids = new Set(runs.flatMap(({ id, resumes }) => [id, resumes]));
  for (const unit of known.keys()) {
    if (ids.has(unit.slice(0, unit.indexOf('/')))) known.set(unit, 'ended');
  }
}
