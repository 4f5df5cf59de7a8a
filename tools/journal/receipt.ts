import type { BlockFinished, Event, Receipt, RunFinished, RunStarted } from './event.ts';
import type { Journals } from './journals.ts';

/** A rehearsal that vouches for a plan, or why none does. */
export type Vouching = { receipt: Receipt } | { why: string };

/** A block that must have passed, by what it does. */
export interface VouchedBlock {
  name: string;
  key: string;
}

/**
 * The newest rehearsal that passed with the same bytes and in which each of these blocks passed. Otherwise
 * why there is none, by the newest one that there is.
 */
export async function receiptFor(
  journals: Journals,
  bytes: string,
  runbookHash: string,
  blocks: VouchedBlock[],
): Promise<Vouching> {
  let why: string | null = null;
  for await (const { started, directory } of journals.beginnings()) {
    if (started.target.kind === 'host') continue;
    if (started.bytes !== bytes) {
      why ??= changedSince(started, runbookHash);
      continue;
    }
    if (started.part) {
      why ??= `the rehearsal ${started.id} was one of a part`;
      continue;
    }
    // A journal that cannot be read vouches for nothing.
    const events = await journals.read(directory).catch(() => null);
    const found = events
      ? vouches(started, events, blocks)
      : { why: `the journal of ${started.id} is damaged` };
    if ('receipt' in found) return found;
    why ??= found.why;
  }
  return { why: why ?? 'there was no rehearsal yet' };
}

function changedSince({ id, runbook }: RunStarted, runbookHash: string): string {
  const what =
    runbook.sha256 === runbookHash ? 'a file that its blocks use, or this tool, has' : 'the runbook has';
  return `since the newest rehearsal, ${id}, ${what} changed`;
}

function vouches(started: RunStarted, events: Event[], blocks: VouchedBlock[]): Vouching {
  const { id, target, data } = started;
  const end = events.find((event): event is RunFinished => event.type === 'run-finished');
  if (end?.status !== 'passed')
    return { why: `the rehearsal ${id} ${end ? `ended as ${end.status}` : 'never ended'}` };
  const passed = passedKeys(started, events);
  const missing = blocks.filter(({ key }) => !passed.has(key)).map(({ name }) => `\`${name}\``);
  if (missing.length > 0) return { why: `the rehearsal ${id} did not run ${listed(missing)}` };
  const replica = target.kind as Receipt['replica'];
  return { receipt: { run: id, at: end.at, replica, data } };
}

const MOST_NAMED = 3;

const listed = (names: string[]) =>
  names.length > MOST_NAMED
    ? `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`
    : names.join(', ');

/** The keys of the blocks that passed in a run: what a rehearsal can vouch for. */
export function passedKeys(
  { blocks }: Pick<RunStarted, 'blocks'>,
  events: readonly Event[],
): Set<string | null | undefined> {
  const keys = new Map(blocks.map(({ name, key }) => [name, key]));
  const passed = events.filter(
    (event): event is BlockFinished => event.type === 'block-finished' && event.outcome.status === 'passed',
  );
  return new Set(passed.map(({ name }) => keys.get(name)));
}
