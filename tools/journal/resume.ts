import type { BlockFinished, Event, RunStarted } from './event.ts';
import { readJournal, runDirectories } from './journal.ts';

/** What an earlier run left for a later one. */
export interface Earlier {
  id: string;
  procedure: string;
  /** Its blocks that passed, as their events. */
  passed: BlockFinished[];
  /** Exported and captured, with the values last seen. */
  variables: Record<string, string>;
  finished: boolean;
}

/** A run as a fold over its journal. */
function foldEarlier(events: Event[]): Earlier {
  const { id, procedure } = events[0] as RunStarted;
  const passed = events.filter(
    (event) => event.type === 'block-finished' && event.outcome.status === 'passed',
  ) as BlockFinished[];
  const variables = passed.map(({ output, outcome }) => ({
    ...(output?.kind === 'shell' ? output.exports : {}),
    ...outcome.captured,
  }));
  const end = events.find((event) => event.type === 'run-finished');
  return {
    id,
    procedure,
    passed,
    variables: Object.assign({}, ...variables),
    finished: end?.status === 'passed',
  };
}

/** The runs on a target of this name, the newest first; journals that cannot be read are passed over. */
export async function* earlierRuns(home: string, target: string): AsyncGenerator<Earlier> {
  for (const directory of (await runDirectories(home)).reverse()) {
    const events = await readJournal(directory).catch(() => null);
    const started = events?.[0] as RunStarted | undefined;
    if (events && started?.target.name === target) yield foldEarlier(events);
  }
}
