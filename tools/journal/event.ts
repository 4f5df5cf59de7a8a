import type { Begun, Fact } from '../outcome/fact.ts';
import type { Identity } from '../outcome/identity.ts';
import type { Outcome } from '../outcome/outcome.ts';
import type { Output } from '../outcome/output.ts';

/** What happens in a run, in order: the terminal, the journal and every report are folds over these. */
export type Event =
  | RunStarted
  | PhaseFinished
  | BlockStarted
  | BlockFact
  | BlockPrinted
  | BlockFinished
  | BlockCarried
  | QuestionAnswered
  | RunFinished;

interface At {
  /** ISO 8601, UTC. */
  at: string;
}

export interface RunStarted extends At {
  type: 'run-started';
  /** Of the journal's format; a reader refuses one that it does not know. */
  format: 2;
  id: string;
  /** The process that writes the journal, on the machine that holds it; not in one of an older version. */
  pid?: number;
  runbook: { path: string; title: string; sha256: string };
  target: { name: string; kind: 'embedded' | 'docker' | 'host'; server_version: string | null };
  /** What the run is bound to; null where nothing can tell, as in a journal of an older version. */
  identity: Identity | null;
  /** SHA-256 over the runbook, the files that its blocks use, and the tool; null in a journal of an older version. */
  bytes: string | null;
  /** What the replica's database holds: a size of seeded data, or the name of a dump; null of a real host. */
  data: string | null;
  /** The rehearsal that a real run builds on, or why it goes without; null of a rehearsal. */
  rehearsed: Receipt | { reason: string } | null;
  /** How long its blocks took in an earlier rehearsal, by name, in milliseconds; those of which nothing is known are not there. */
  expected_ms: Record<string, number>;
  procedure: string;
  /** Of a rehearsal from which blocks of the procedure were left out: it vouches for nothing. */
  part?: boolean;
  blocks: BlockFacts[];
  /** Of a resumed run: the id of the one that it goes on from. */
  resumes: string | null;
  /**
   * The names of secrets that blocks on the tool's own machine took from its environment, which is gone with it; not in one
   * of an older version.
   */
  environment_secrets?: string[];
  /** How many claims of the page bind to nothing, and how many items nothing proves; not in one of an older version. */
  unjudged?: { claims: number; items: number };
}

/** A rehearsal that passed. */
export interface Receipt {
  /** Its id. */
  run: string;
  /** When it had passed: ISO 8601, UTC. */
  at: string;
  replica: 'embedded' | 'docker';
  data: string | null;
}

/** What a report says of a block whether or not it ran. */
export interface BlockFacts {
  name: string;
  section: string;
  heading: string;
  line: number;
  language: string;
  on: string;
  effect: string;
  /** A hash of what the block does: a resumed run knows it by this. Null in a journal of an older version. */
  key: string | null;
  /** The name of the block that tells whether this one is done, where it has such a probe. */
  done: string | null;
  /** Its code, as the document has it. */
  text: string;
  budget_ms: [number, number] | null;
  expectations: { text: string; line: number }[];
  /** Of a step that only asks whether another block is done: the name of that block. */
  probe_of?: string;
}

/** Part of a replica's life: `start`, `seed` or `stop`. */
export interface PhaseFinished extends At {
  type: 'phase-finished';
  phase: string;
  duration_ms: number;
}

export interface BlockStarted extends At {
  type: 'block-started';
  name: string;
  /** From 1; above it, the block is being retried. */
  attempt: number;
  /** The beginning that is gone on with, with all that is known of it; none where the block begins now. */
  goes_on?: Begun;
}

/** What is recorded of a block while it runs. */
export type BlockFact = At & { name: string; attempt: number } & Fact;

/** A line as it was printed: for who watches; no journal holds it. */
export interface BlockPrinted extends At {
  type: 'block-printed';
  name: string;
  line: string;
}

export interface BlockFinished extends At {
  type: 'block-finished';
  name: string;
  outcome: Outcome;
  output: Output | null;
  /** Of one that is unknown: whether what it ran on did not answer, and may tell how it ended once it does. */
  unanswered?: boolean;
  /** What it left in the run's directory, by name; a file that a block in the background leaves is the next one's. */
  files?: string[];
  /** With every attempt. */
  duration_ms: number;
}

/** A block of a resumed run that is not run, as it is done already. */
export interface BlockCarried extends At {
  type: 'block-carried';
  name: string;
  /** The run that it was last begun in, and when it ended there. */
  from: { run: string; at: string };
  /** It passed there; or its probe says that it is done; or the person does. */
  because: 'passed' | 'probe' | 'person';
  outcome: Outcome;
  output: Output | null;
  /** What it left in the directory of that run. */
  files?: string[];
  duration_ms: number;
}

export interface QuestionAnswered extends At {
  type: 'question-answered';
  text: string;
  line: number;
  answer: Answer;
  /** Of what was asked before a block that destroys: its name. */
  gate?: string;
}

/** `assumed`: a rehearsal has nobody to ask. `none`: the person interrupted, or had closed the terminal. */
export type Answer = 'yes' | 'no' | 'assumed' | 'none';

export interface RunFinished extends At {
  type: 'run-finished';
  /** `unknown`: nobody can say how its last block ended. */
  status: 'passed' | 'failed' | 'unknown' | 'aborted';
  /** Why it could not go on, where no block says it. */
  why: string | null;
}
