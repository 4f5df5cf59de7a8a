import type { Begun } from '../outcome/fact.ts';
import { pairUp } from '../text/pairs.ts';
import { stepOf } from '../text/step.ts';
import type { BlockCarried, BlockFacts, BlockFinished, Event, RunFinished, RunStarted } from './event.ts';
import { type LeftVariables, variablesLeftBy, withOrigin } from './exported.ts';

/** What an earlier run left for a later one. */
export interface Earlier {
  id: string;
  procedure: string;
  startedAt: string;
  /** What it was bound to; null where it recorded nothing. */
  identity: RunStarted['identity'];
  /** The process of its tool. */
  pid: number | undefined;
  /** Null where it never came to its end: its process was killed, or is still at work. */
  status: RunFinished['status'] | null;
  /** The id of the run that it went on from. */
  resumes: string | null;
  /** How each of its blocks stands, by it and by the runs that it went on from. */
  blocks: EarlierBlock[];
  /** Whether it began a block that does more than read. */
  wrote: boolean;
  /** Left by its blocks that passed, for whoever goes on from it. */
  variables: LeftVariables;
  /** Of these, what counts for any later run: every block of the step that left it passed. */
  left: LeftVariables;
  /** The secrets that blocks took from the tool's environment, by name: the run whose tool had each. */
  environmentSecrets: Record<string, string>;
}

/** How a block stands after a run. */
export interface EarlierBlock {
  name: string;
  /** Of what it did, where it was begun. */
  key: string | null;
  effect: string;
  /** `running`: it began, and its end is in no journal; it can be gone on with. */
  state: 'not-begun' | 'running' | 'passed' | 'failed' | 'unknown';
  /** Whether it was started at all, though it may not have begun. */
  started: boolean;
  /** Why it did not pass; empty where it did, or was not begun. */
  why: string;
  /** The run that it was last begun in, and when it ended there, or was begun. */
  from: { run: string; at: string };
  /** What to go on from: of one that runs, and of an `sql` block that was ended at a statement. */
  begun: Begun | null;
  /** Its end, or what it was carried over with; of one that runs, that what it ran on did not answer. */
  ended: BlockFinished | BlockCarried | null;
  /** Whether the newest run did not have it any more. */
  removed: boolean;
}

/**
 * A run as a fold over its journal, on top of the run that it went on from, if it did. What a run did not try stands
 * as it stood before.
 */
export function foldEarlier(events: readonly Event[], older: Earlier | null): Earlier {
  const started = events[0] as RunStarted;
  const { id, pid, procedure, at: startedAt, identity, resumes } = started;
  const facts = started.blocks.filter(({ probe_of }) => probe_of === undefined);
  const earlier = pairUp(facts, older?.blocks ?? []);
  const blocks = facts.map((one, i) => foldBlock(one, earlier[i] ?? null, id, eventsOf(one.name, events)));
  const gone = (older?.blocks ?? []).filter((block) => !earlier.includes(block));
  const own = variablesOf(facts, blocks, events);
  return {
    id,
    procedure,
    startedAt,
    identity,
    resumes,
    pid,
    status: events.find((event) => event.type === 'run-finished')?.status ?? null,
    blocks: [...blocks, ...gone.map((block) => ({ ...block, removed: true }))],
    wrote: events.some(
      (event) =>
        event.type === 'block-started' &&
        facts.some(({ name, effect }) => name === event.name && effect !== 'reads'),
    ),
    variables: { ...older?.variables, ...own.all },
    left: own.whole,
    environmentSecrets: {
      ...older?.environmentSecrets,
      ...Object.fromEntries((started.environment_secrets ?? []).map((name) => [name, id])),
    },
  };
}

type OfBlock = Extract<Event, { name: string }>;

const eventsOf = (name: string, events: readonly Event[]): OfBlock[] =>
  events.filter((event): event is OfBlock => 'name' in event && event.name === name);

function foldBlock(
  facts: BlockFacts,
  older: EarlierBlock | null,
  run: string,
  events: OfBlock[],
): EarlierBlock {
  const { name, key, effect } = facts;
  const nothing: EarlierBlock = {
    ...{ name, key, effect, state: 'not-begun', started: false, why: '', begun: null, ended: null },
    ...{ from: { run, at: '' }, removed: false },
  };
  const before = older?.started ? { ...older, name, removed: false } : nothing;
  return events.reduce((block, event) => next(block, event, { before, nothing, facts, run }), before);
}

interface Around {
  before: EarlierBlock;
  nothing: EarlierBlock;
  facts: BlockFacts;
  run: string;
}

function next(block: EarlierBlock, event: OfBlock, { before, nothing, facts, run }: Around): EarlierBlock {
  switch (event.type) {
    case 'block-started': {
      const { name, attempt, at } = event;
      const begun = event.goes_on ?? { run, name, attempt, at, answered: null, prepared: [] };
      return standing({ ...nothing, from: { run: begun.run, at: begun.at }, started: true, begun }, facts);
    }
    case 'block-begun':
      return block.begun ? standing({ ...block, begun: { ...block.begun, answered: event } }, facts) : block;
    case 'statement-prepared': {
      const { begun } = block;
      return begun ? { ...block, begun: { ...begun, prepared: [...begun.prepared, event] } } : block;
    }
    case 'block-carried':
      return { ...nothing, state: 'passed', started: true, from: event.from, ended: event };
    case 'block-finished':
      // One that was not tried in this run stands as it stood.
      return block === before ? block : afterEnd(block, event, before, run);
    default:
      return block;
  }
}

/** A shell that was sent nothing has surely not begun; a statement may have, as soon as its block was started. */
function standing(block: EarlierBlock, { language }: BlockFacts): EarlierBlock {
  const began = language === 'sql' || block.begun?.answered;
  return began ? { ...block, state: 'running', why: 'its end is not recorded' } : block;
}

function afterEnd(
  block: EarlierBlock,
  event: BlockFinished,
  before: EarlierBlock,
  run: string,
): EarlierBlock {
  const { outcome, output, at, unanswered } = event;
  const ended = { ...block, from: { run: block.begun?.run ?? run, at }, ended: event, why: whyOf(event) };
  if (outcome.status === 'passed') return { ...ended, state: 'passed', why: '', begun: null };
  if (outcome.status === 'not-run' && output === null) {
    const began = block.begun?.answered || (block.begun?.prepared.length ?? 0) > 0;
    return began ? { ...block, state: 'running', why: whyOf(event) } : before;
  }
  if (unanswered) return { ...block, ended: event, state: 'running', why: whyOf(event) };
  if (outcome.status === 'unknown') return { ...ended, state: 'unknown', begun: ofStatements(block.begun) };
  return { ...ended, state: 'failed', begun: wasCutShort(event) ? ofStatements(block.begun) : null };
}

/** A beginning of which statements are recorded: those are done, whatever became of the block. */
const ofStatements = (begun: Begun | null): Begun | null => (begun?.prepared.length ? begun : null);

/** An `sql` block that ended at a statement, which was refused or cut short: what stands before it is committed. */
const wasCutShort = ({ outcome, output }: BlockFinished): boolean =>
  output?.kind === 'sql' &&
  outcome.why !== null &&
  (output.refusal !== null || output.timedOut || output.interrupted);

function whyOf({ outcome }: BlockFinished): string {
  const wrong = outcome.expectations.find(({ status }) => status === 'failed');
  return outcome.why?.message ?? (wrong ? `not true: ${wrong.text}` : outcome.status);
}

/** What the blocks of a run left that passed in it or were carried into it, in the order of their ends. */
function variablesOf(facts: BlockFacts[], blocks: EarlierBlock[], events: readonly Event[]) {
  const done = new Set<string>();
  for (const event of events) {
    if (event.type === 'block-carried') done.add(event.name);
    if (event.type === 'block-finished' && event.outcome.status === 'passed') done.add(event.name);
  }
  const broken = new Set(facts.filter(({ name }) => !done.has(name)).map(({ section }) => stepOf(section)));
  const left = [...done].flatMap((name) => {
    const block = blocks.find((one) => one.name === name);
    const section = facts.find((one) => one.name === name)?.section;
    if (!block?.ended || section === undefined) return [];
    const values = variablesLeftBy(block.ended);
    return [{ section, variables: withOrigin(values, { ...block.from, block: name }) }];
  });
  const whole = left.filter(({ section }) => !broken.has(stepOf(section)));
  const merged = (some: typeof left) => Object.assign({}, ...some.map(({ variables }) => variables));
  return { all: merged(left) as LeftVariables, whole: merged(whole) as LeftVariables };
}
