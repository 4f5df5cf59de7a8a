import { setTimeout as wait } from 'node:timers/promises';
import type { Block, ChecklistItem } from './document/document.ts';
import type { Executor, Finished, RunRequest } from './host/executor.ts';
import { Channel } from './journal/channel.ts';
import type {
  Answer,
  BlockCarried,
  BlockFinished,
  BlockStarted,
  Event,
  RunFinished,
} from './journal/event.ts';
import { type LeftVariables, variablesLeftBy, withAges, withOrigin } from './journal/exported.ts';
import { isMasked } from './journal/secrets.ts';
import type { Begun } from './outcome/fact.ts';
import { judge, outcomeNotRun, outcomeUnknown } from './outcome/judge.ts';
import type { Outcome } from './outcome/outcome.ts';
import { CannotRun, type Output, UnknownEnd } from './outcome/output.ts';
import { type Gate, gateOf } from './plan/gate.ts';
import type { BlockStep, Plan, PlannedStep } from './plan/plan.ts';

/** How often a block that is retried is tried again. */
const RETRY_EVERY_MS = 500;

export interface RunOptions {
  signal: AbortSignal;
  /** Asks the person; a rehearsal answers `assumed`. */
  ask: (item: ChecklistItem) => Promise<Answer>;
  /** Whether a block whose expectations alone are wrong lets the blocks after it run: for who rewrites them. */
  pastExpectations?: boolean;
  /** The id of this run. */
  run: string;
  /** Beginnings of blocks that a resumed run goes on with, by the names of their steps. */
  begun?: Map<string, Begun>;
  /** Names of blocks that a resumed run has behind it, and the variables that they left. */
  done?: Set<string>;
  variables?: Record<string, string>;
  /** Where the variables that earlier runs left have their values from. */
  left?: LeftVariables;
  /** What is asked before a block of a resumed run that failed or is unknown, by the names of their steps. */
  probes?: Map<string, Probe>;
  /** What blocks destroy on, in words, e.g. `shop, database orders`. */
  where?: string;
  /** Asks the person before each block: no leaves the rest out. Without it, nobody is asked. */
  beforeBlock?: (step: BlockStep) => Promise<Answer>;
  /** Asks the person before a block that destroys; without it that is assumed, as in a rehearsal. */
  openGate?: (gate: Gate) => Promise<Answer>;
}

/** A step that reads and passes where a block is done, and what is recorded of that block then. */
export interface Probe {
  step: BlockStep;
  carried: Omit<BlockCarried, 'at'>;
}

/** What a run's steps are taken with: the variables that they leave go into both. */
type Going = RunOptions & {
  variables: Record<string, string>;
  left: LeftVariables;
  /** What the far side forgets beside the blocks that come after, as it takes a way there and back. */
  forgetting: Promise<void>[];
};

type End = Pick<RunFinished, 'status' | 'why'>;

/**
 * Runs a plan to its end or to the first thing that is wrong; what comes after that is said to be not run. Whoever stops
 * listening before the end ends what goes on in the background.
 */
export async function* run(plan: Plan, executor: Executor, options: RunOptions): AsyncGenerator<Event> {
  const going: Going = {
    ...options,
    variables: { ...options.variables },
    left: { ...options.left },
    forgetting: [],
  };
  const background: Background[] = [];
  let end: End = PASSED;
  let differs = false;
  const checks = checksOf(plan.steps);
  try {
    for (const step of plan.steps) {
      if (options.signal.aborted && end.status === 'passed') end = INTERRUPTED;
      if (step.kind === 'block' && options.done?.has(step.name)) continue;
      const standing = checks.has(step) && end.status === 'failed' ? PASSED : end;
      for await (const event of takeStep(step, standing, executor, going, background)) {
        yield event;
        rememberLeft(event, going);
        differs ||= isDifference(event, options);
        end = after(event, end, options);
      }
    }
    for (let running = background.shift(); running; running = background.shift()) {
      const event = await running.finish();
      yield event;
      differs ||= isDifference(event, options);
      end = after(event, end, options);
    }
  } finally {
    await Promise.allSettled(background.map((running) => running.finish()));
    await Promise.all(going.forgetting);
  }
  const isOnlyDifferent = differs && end.status === 'passed';
  yield { type: 'run-finished', at: now(), ...(isOnlyDifferent ? DIFFERENT : end) };
}

const DIFFERENT: End = { status: 'failed', why: null };

/** Whether a block ended as it should and only said something else than is expected of it, in a run that goes on then. */
const isDifference = (event: Event, { pastExpectations = false, probes }: RunOptions): boolean =>
  pastExpectations &&
  event.type === 'block-finished' &&
  !isProbe(event.name, probes) &&
  event.outcome.status === 'failed' &&
  event.outcome.why === null;

const PASSED: End = { status: 'passed', why: null };

/**
 * The reading blocks before the first one that writes, where there is one. None of them keeps another from being run:
 * whoever mends what they find wants to know all of it.
 */
function checksOf(steps: PlannedStep[]): Set<PlannedStep> {
  const first = steps.findIndex((step) => step.kind === 'block' && step.block.effect !== 'reads');
  return new Set(steps.slice(0, Math.max(0, first)).filter(({ kind }) => kind === 'block'));
}

const INTERRUPTED: End = { status: 'aborted', why: 'interrupted' };

async function* takeStep(
  step: PlannedStep,
  { status }: End,
  executor: Executor,
  options: Going,
  background: Background[],
): AsyncGenerator<Event> {
  if (step.kind === 'question') {
    if (status !== 'passed') return;
    const { text, line } = step.item;
    yield { type: 'question-answered', at: now(), text, line, answer: await options.ask(step.item) };
  } else if (status !== 'passed') yield skipped(step, status);
  else if (options.beforeBlock && (yield* isWanted(step, options.beforeBlock)) === false) return;
  else if ((yield* mayRun(step, executor, options)) === false) return;
  else if (step.block.background) {
    yield { type: 'block-started', at: now(), name: step.name, attempt: 1 };
    background.push(startBackground(step, executor, options));
  } else yield* runBlock(step, executor, options);
}

/** Whether the person who takes one step after another wants this one, too. That one does is no event: it is run. */
async function* isWanted(
  step: BlockStep,
  ask: (step: BlockStep) => Promise<Answer>,
): AsyncGenerator<Event, boolean> {
  const answer = await ask(step);
  if (answer === 'yes') return true;
  const { name, block } = step;
  yield { type: 'question-answered', at: now(), text: `Run ${name}?`, line: block.line, answer, gate: name };
  yield skipped(step, 'aborted');
  return false;
}

/** Whether a block is run now: not where its probe says that it is done, or cannot say, or where its gate stays shut. */
async function* mayRun(step: BlockStep, executor: Executor, options: Going): AsyncGenerator<Event, boolean> {
  const { signal } = options;
  const probe = options.probes?.get(step.name);
  if (probe) {
    const status = yield* askProbe(probe, executor, options);
    if (status === 'passed') yield { ...probe.carried, at: now() };
    else if (signal.aborted) yield skipped(step, 'aborted');
    else if (status !== 'failed') yield undecided(step, probe);
    if (status !== 'failed' || signal.aborted) return false;
  }
  if (step.block.effect !== 'destroys' || isUnderWay(step, options)) return true;
  const { name, line, text } = gateOf(step, options.where ?? 'the host', withAges(options.left), options.run);
  const answer = options.openGate ? await options.openGate({ name, line, text }) : 'assumed';
  yield { type: 'question-answered', at: now(), text, line, answer, gate: name };
  if (answer === 'yes' || answer === 'assumed') return true;
  yield skipped(step, 'aborted');
  return false;
}

/** A shell that began in an earlier run is only waited for; the statements of `sql` that are left are yet to be sent. */
const isUnderWay = ({ name, block }: BlockStep, { begun }: RunOptions): boolean =>
  block.language !== 'sql' && begun?.has(name) === true;

/** How a probe ended. What it leaves is no other block's. */
async function* askProbe(
  { step }: Probe,
  executor: Executor,
  options: Going,
): AsyncGenerator<Event, Outcome['status']> {
  let status: Outcome['status'] = 'not-run';
  for await (const event of runBlock(step, executor, { ...options, variables: { ...options.variables } })) {
    if (event.type === 'block-finished') status = event.outcome.status;
    yield event;
  }
  return status;
}

const undecided = ({ block, name }: BlockStep, { step }: Probe): BlockFinished => ({
  type: 'block-finished',
  at: now(),
  name,
  outcome: outcomeUnknown(block, `whether it is done is unknown, as ${step.name} could not say it`),
  output: null,
  duration_ms: 0,
});

/** Later blocks see what one left that ended or was carried over, but for what a journal hides. */
function rememberLeft(event: Event, { run, variables, left, probes }: Going): void {
  if (event.type !== 'block-finished' && event.type !== 'block-carried') return;
  const { name, at } = event;
  if (isProbe(name, probes)) return;
  const known = Object.entries(variablesLeftBy(event)).filter(
    ([, value]) => event.type === 'block-finished' || !isMasked(value),
  );
  const from = event.type === 'block-carried' ? event.from : { run, at };
  Object.assign(variables, Object.fromEntries(known));
  Object.assign(left, withOrigin(Object.fromEntries(known), { ...from, block: name }));
}

const isProbe = (name: string, probes: RunOptions['probes']): boolean =>
  [...(probes?.values() ?? [])].some(({ step }) => step.name === name);

/** A block that goes on beside the ones after it; `finish` ends it, as nothing needs it any more, and judges it. */
interface Background {
  finish(): Promise<BlockFinished>;
}

function startBackground(step: BlockStep, executor: Executor, options: Going): Background {
  const controller = new AbortController();
  const { block, name } = step;
  const started = performance.now();
  const variables = { ...options.variables };
  const running = executor.run({
    block,
    beginning: { run: options.run, name, attempt: 1 },
    begun: null,
    variables,
    onLine: () => undefined,
    record: async () => undefined,
    signal: controller.signal,
  });
  running.catch(() => undefined);
  return {
    async finish() {
      controller.abort();
      const attempted = await judged(block, running, executor);
      const { output, outcome } = await unlessLost(block, attempted, executor, options.signal);
      await attempted.forget();
      return {
        type: 'block-finished',
        at: now(),
        name,
        outcome,
        output,
        duration_ms: performance.now() - started,
      };
    },
  };
}

const BECAUSE = {
  failed: 'an earlier block failed',
  unknown: 'how an earlier block ended is unknown',
  aborted: 'the run was aborted',
};

const skipped = ({ block, name }: BlockStep, status: keyof typeof BECAUSE): BlockFinished => ({
  type: 'block-finished',
  at: now(),
  name,
  outcome: outcomeNotRun(block, BECAUSE[status]),
  output: null,
  duration_ms: 0,
});

/** How a run stands after an event: what has gone wrong once stays so. */
function after(event: Event, end: End, options: RunOptions): End {
  const { signal, probes } = options;
  if (end.status !== 'passed') return end;
  if (signal.aborted) return INTERRUPTED;
  if (event.type === 'question-answered' && event.answer === 'no' && event.gate !== undefined)
    return { status: 'aborted', why: `${event.gate} was not allowed` };
  if (event.type === 'question-answered' && event.answer === 'no')
    return { status: 'failed', why: `the answer was no: ${event.text}` };
  if (event.type === 'question-answered' && event.answer === 'none')
    return { status: 'aborted', why: `nobody was there to answer: ${event.text}` };
  if (event.type !== 'block-finished' || isProbe(event.name, probes)) return end;
  if (isDifference(event, options)) return end;
  const { outcome, name } = event;
  if (outcome.status === 'not-run') return { status: 'aborted', why: `${name}: ${outcome.why?.message}` };
  if (outcome.status === 'unknown') return { status: 'unknown', why: `${name}: ${outcome.why?.message}` };
  return { status: outcome.status, why: null };
}

/** One block with its retries; its exports and captures go into the variables. */
async function* runBlock(step: BlockStep, executor: Executor, options: Going): AsyncGenerator<Event> {
  const { block, name } = step;
  const { signal } = options;
  const started = performance.now();
  let begun = options.begun?.get(name) ?? null;
  let forgetLast = async (): Promise<void> => undefined;
  for (let attempt = 1; ; attempt++) {
    yield startOf(name, attempt, begun);
    // Not before: until the next beginning is on disk, the far side is where the last one's end can be looked up.
    await forgetLast();
    const beginning = { run: options.run, name, attempt };
    const attempted = yield* attemptBlock(step, executor, { ...options, beginning, begun });
    begun = null;
    const elapsed = performance.now() - started;
    if (attempted.outcome.status === 'failed' && elapsed < block.retryMs && !signal.aborted) {
      forgetLast = attempted.forget;
      const waited = await wait(RETRY_EVERY_MS, true, { signal }).catch(() => false);
      if (waited) continue;
    }
    const { outcome, output, unanswered } = await unlessLost(block, attempted, executor, signal);
    const ended = { outcome, output, ...(unanswered && { unanswered }) };
    yield { type: 'block-finished', at: now(), name, ...ended, duration_ms: elapsed };
    // Not before: until its end is on disk, the far side is where it can be looked up.
    const forgotten = attempted.forget();
    // The end of the run is told where it fails.
    forgotten.catch(() => undefined);
    options.forgetting.push(forgotten);
    return;
  }
}

const startOf = (name: string, attempt: number, begun: Begun | null): BlockStarted => ({
  ...{ type: 'block-started', at: now(), name, attempt },
  ...(begun ? { goes_on: begun } : {}),
});

type AttemptOptions = Omit<RunOptions, 'begun'> & Pick<RunRequest, 'beginning' | 'begun' | 'variables'>;

async function* attemptBlock(
  { block, name }: BlockStep,
  executor: Executor,
  { beginning, begun, variables, signal }: AttemptOptions,
): AsyncGenerator<Event, Attempt> {
  const recorded = new Channel<Event>();
  const running = executor
    .run({
      block,
      beginning,
      begun,
      variables: { ...variables },
      onLine: (line) => void recorded.push({ type: 'block-printed', at: now(), name, line }),
      record: (fact) => recorded.push({ at: now(), name, attempt: beginning.attempt, ...fact }),
      signal,
    })
    .finally(() => recorded.close());
  running.catch(() => undefined);
  yield* recorded;
  return judged(block, running, executor);
}

/** What a block's run came to; `forget` lets the far side remove what it keeps of it. */
interface Attempt {
  outcome: Outcome;
  output: Output | null;
  /** Whether its end is unknown as what it ran on does not answer. */
  unanswered: boolean;
  forget(): Promise<void>;
}

/** What a block that took all of its time is still judged in. */
const LEAST_JUDGING_MS = 1000;

const timer = (ms: number) => {
  const end = performance.now() + ms;
  return () => performance.now() > end;
};

async function judged(block: Block, running: Promise<Finished>, executor: Executor): Promise<Attempt> {
  const ended = { output: null, unanswered: false, forget: async () => undefined };
  try {
    const { output, forget } = await running;
    const isOver = timer(Math.max(LEAST_JUDGING_MS, block.timeoutMs - output.durationMs));
    return { ...ended, output, forget, outcome: judge(block, output, { examples: executor.seeded, isOver }) };
  } catch (error) {
    if (error instanceof UnknownEnd)
      return { ...ended, unanswered: error.unanswered, outcome: outcomeUnknown(block, error.message) };
    if (!(error instanceof CannotRun)) throw error;
    return { ...ended, outcome: outcomeNotRun(block, error.message) };
  }
}

/** Where what a block ran on has gone, its failure says nothing about the block: it could not be run. */
async function unlessLost(
  block: Block,
  attempted: Attempt,
  executor: Executor,
  signal: AbortSignal,
): Promise<Attempt> {
  if (attempted.outcome.status !== 'failed' || signal.aborted) return attempted;
  const lost = await executor.lost();
  return lost === null ? attempted : { ...attempted, outcome: outcomeNotRun(block, lost) };
}

const now = () => new Date().toISOString();
