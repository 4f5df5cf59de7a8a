import type {
  BlockCarried,
  BlockFacts,
  BlockFinished,
  Event,
  RunFinished,
  RunStarted,
} from '../journal/event.ts';
import { variablesLeftBy } from '../journal/exported.ts';
import type { Effects, Unmeasured } from '../outcome/effects.ts';
import type { ExpectationOutcome, Outcome } from '../outcome/outcome.ts';
import type { Output } from '../outcome/output.ts';
import { psqlTable } from '../outcome/table.ts';
import { type Downtime, downtimeOf } from './downtime.ts';

/** `report.json`: everything that a reader of a run's result needs, and nothing of how it was found. */
export interface RunReport {
  id: string;
  runbook: RunStarted['runbook'];
  /** `nas` is any real host, whatever it is called: the word is part of what readers of report.json rely on. */
  target: Omit<RunStarted['target'], 'kind'> & { kind: 'embedded' | 'docker' | 'nas' };
  /** What the run was bound to. */
  identity: RunStarted['identity'];
  /** SHA-256 over the runbook, what its blocks use, and the tool. */
  bytes: RunStarted['bytes'];
  /** What the replica's database held. */
  data: RunStarted['data'];
  /** The rehearsal that it built on, or why it went without. */
  rehearsed: RunStarted['rehearsed'];
  /** The id of the run that it went on from. */
  resumes: string | null;
  procedure: string;
  /** Whether blocks of the procedure were left out, as was asked for: such a rehearsal vouches for no real run. */
  part: boolean;
  status: RunFinished['status'];
  why: string | null;
  started_at: string;
  finished_at: string | null;
  /** From the first block that stopped services to the last that started them; null where none stopped any. */
  downtime: Downtime | null;
  /** Of a real run: the rehearsal that it stands beside. */
  beside: Beside | null;
  /** Milliseconds of the replica's start, seed and stop. */
  phases: Record<string, number>;
  questions: { text: string; line: number; answer: string }[];
  /** What blocks exported and captured, with the values last seen. */
  exports: Record<string, string>;
  blocks: BlockReport[];
  /** What told whether blocks were done that had failed, or were unknown, in an earlier run. */
  probes: ProbeReport[];
  totals: Totals;
  /**
   * What no run judges: blocks of this one of which nothing is expected but that they end well, and whose probe does not run
   * after them; claims of the page that bind to nothing, and its checklist items without proof; null where the journal does
   * not know.
   */
  unjudged: { blocks: number; claims: number | null; items: number | null };
}

export interface ProbeReport {
  name: string;
  /** The block that it was asked of. */
  of: string;
  /** Passed: the block is done; failed: it is not; anything else: nobody knows. */
  status: Outcome['status'];
}

export interface BlockReport extends Omit<BlockFacts, 'expectations' | 'probe_of'> {
  /** Of one that this run did not run: the run that did, when it ended there, and what says that it is done. */
  carried: { run: string; at: string; because: BlockCarried['because'] } | null;
  status: Outcome['status'];
  why: { message: string; line: number; column: number } | null;
  exit_code: number | null;
  duration_ms: number | null;
  statements: { title: string; row_count: number; duration_ms: number }[];
  expectations: ExpectationOutcome[];
  /** What it did to the database; null where nobody saw it, as on a real host. */
  effects: Effects | Unmeasured | null;
  /** Of an `sql` block: its result sets as psql prints them. */
  stdout: string;
  /** Of an `sql` block: what the server said besides, such as a NOTICE or a WARNING. */
  stderr: string;
  /** What it left in the run's directory, by name. */
  files: string[];
}

/** The rehearsal that a real run stands beside. */
export interface Beside {
  run: string;
  target: RunReport['target'];
  started_at: string;
  downtime: RunReport['downtime'];
  /** By the names of the report's blocks: what became of the same block there. */
  blocks: Record<string, BesideBlock>;
}

export interface BesideBlock {
  duration_ms: number | null;
  statements: BlockReport['statements'];
  /** Its result sets, where they differ. */
  differs: string | null;
}

export interface Totals {
  blocks: number;
  blocks_passed: number;
  blocks_failed: number;
  expectations: number;
  expectations_passed: number;
  expectations_failed: number;
  duration_ms: number;
  /** Spent in blocks; the rest is the tool's and the replica's. */
  command_ms: number;
}

/** Folds a run's events; of a run that never finished, what is known: it counts as aborted. */
export function foldReport(events: Event[]): RunReport {
  const started = events[0] as RunStarted;
  const finished = events.find((event) => event.type === 'run-finished');
  const last = events.at(-1) ?? started;
  const ended = new Map(events.filter(isEnd).map((event) => [event.name, event]));
  const planned = started.blocks.filter(({ probe_of }) => probe_of === undefined);
  const blocks = planned.map((facts) => blockReport(facts, ended.get(facts.name)));
  const probes = started.blocks.flatMap(({ name, probe_of }) =>
    probe_of === undefined
      ? []
      : [{ name, of: probe_of, status: ended.get(name)?.outcome.status ?? 'not-run' }],
  );
  const phases = events.filter((event) => event.type === 'phase-finished');
  const questions = events.filter((event) => event.type === 'question-answered');
  const { id, runbook, target, identity, bytes, data, rehearsed, resumes, procedure } = started;
  return {
    id,
    runbook,
    target: { ...target, kind: target.kind === 'host' ? 'nas' : target.kind },
    identity,
    bytes,
    data,
    rehearsed,
    resumes,
    procedure,
    part: started.part ?? false,
    status: finished?.status ?? 'aborted',
    why: finished
      ? finished.why
      : 'the run ended without a word: its process was killed, or is still at work',
    started_at: started.at,
    finished_at: finished?.at ?? null,
    downtime: downtimeOf([events]),
    beside: null,
    phases: Object.fromEntries(phases.map(({ phase, duration_ms }) => [phase, duration_ms])),
    questions: questions.map(({ text, line, answer }) => ({ text, line, answer })),
    exports: variablesLeftBy(...ended.values()),
    blocks,
    probes,
    unjudged: {
      blocks: blocks.filter(
        (block, i) => block.expectations.length === 0 && !isProbed(block, blocks.slice(i), blocks),
      ).length,
      claims: started.unjudged?.claims ?? null,
      items: started.unjudged?.items ?? null,
    },
    totals: totals(blocks, Date.parse(last.at) - Date.parse(started.at)),
  };
}

/** Whether what tells if a block is done runs after it. A block that a run repeats has other names there, and the same line. */
function isProbed({ done }: BlockReport, after: BlockReport[], all: BlockReport[]): boolean {
  const line = all.find(({ name }) => name === done)?.line;
  return after.some((block) => block.line === line);
}

const isEnd = (event: Event): event is BlockFinished | BlockCarried =>
  event.type === 'block-finished' || event.type === 'block-carried';

/** What is known of a block by its end; null where it has not come to one. */
export function blockReport(
  { expectations, ...facts }: BlockFacts,
  ended: BlockFinished | BlockCarried | undefined,
): BlockReport {
  const output = ended?.output ?? null;
  const notRun = (expectation: { text: string; line: number }): ExpectationOutcome => ({
    ...expectation,
    status: 'not-run',
    expected: expectation.text,
    actual: 'the run did not get here',
  });
  return {
    ...facts,
    carried: ended?.type === 'block-carried' ? { ...ended.from, because: ended.because } : null,
    status: ended?.outcome.status ?? 'not-run',
    why: ended?.outcome.why ?? null,
    exit_code: output?.kind === 'shell' ? output.exitCode : output ? (output.refusal ? 1 : 0) : null,
    duration_ms: ended ? Math.round(ended.duration_ms) : null,
    statements: (output?.kind === 'sql' ? output.results : []).map(({ title, rowCount, durationMs }) => ({
      title,
      row_count: rowCount,
      duration_ms: Math.round(durationMs * 10) / 10,
    })),
    effects: output?.effects ?? null,
    expectations: ended?.outcome.expectations ?? expectations.map(notRun),
    ...printedBy(output),
    files: ended?.files ?? [],
  };
}

/** Of a result set, so many rows are enough to see what it was. */
const SHOWN_ROWS = 1000;

/** What a block printed; of `sql`, its result sets as psql prints them, and beside them the server's notices. */
export function printedBy(output: Output | null): Pick<BlockReport, 'stdout' | 'stderr'> {
  if (output === null) return { stdout: '', stderr: '' };
  if (output.kind === 'shell') return { stdout: output.stdout.text, stderr: output.stderr.text };
  const tables = output.results.map(
    (result) => psqlTable({ ...result, rows: result.rows.slice(0, SHOWN_ROWS) }).text,
  );
  return { stdout: tables.map((table) => `${table}\n`).join('\n'), stderr: output.notices?.text ?? '' };
}

/** Whether it came to an end that it should not have, or to none that anybody knows. */
export const isWrong = ({ status }: Pick<BlockReport, 'status'>): boolean =>
  status === 'failed' || status === 'unknown';

/** What a block took of this run: nothing where an earlier one ran it. */
export const timeIn = ({ carried, duration_ms }: BlockReport): number => (carried ? 0 : (duration_ms ?? 0));

function totals(blocks: BlockReport[], durationMs: number): Totals {
  const expectations = blocks.flatMap((block) => block.expectations);
  const count = (items: { status: string }[], status: string) =>
    items.filter((item) => item.status === status).length;
  return {
    blocks: blocks.length,
    blocks_passed: count(blocks, 'passed'),
    blocks_failed: count(blocks, 'failed'),
    expectations: expectations.length,
    expectations_passed: count(expectations, 'passed'),
    expectations_failed: count(expectations, 'failed'),
    duration_ms: durationMs,
    command_ms: blocks.reduce((sum, block) => sum + timeIn(block), 0),
  };
}
