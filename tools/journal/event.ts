import type { Outcome } from '../outcome/outcome.ts';
import type { Output } from '../outcome/output.ts';

/** What happens in a run, in order: the terminal, the journal and every report are folds over these. */
export type Event =
  | RunStarted
  | PhaseFinished
  | BlockStarted
  | BlockPrinted
  | BlockFinished
  | QuestionAnswered
  | RunFinished;

interface At {
  /** ISO 8601, UTC. */
  at: string;
}

export interface RunStarted extends At {
  type: 'run-started';
  /** Of the journal's format; a reader refuses one that it does not know. */
  format: 1;
  id: string;
  runbook: { path: string; title: string; sha256: string };
  target: { name: string; kind: 'embedded' | 'docker' | 'host'; server_version: string | null };
  procedure: string;
  blocks: BlockFacts[];
  /** Of a resumed run: the id of the one that it goes on from. */
  resumes: string | null;
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
  /** Its code, as the document has it. */
  text: string;
  budget_ms: [number, number] | null;
  expectations: { text: string; line: number }[];
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
}

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
  /** With every attempt. */
  duration_ms: number;
}

export interface QuestionAnswered extends At {
  type: 'question-answered';
  text: string;
  line: number;
  answer: Answer;
}

/** `assumed`: a rehearsal has nobody to ask. `none`: the person interrupted, or had closed the terminal. */
export type Answer = 'yes' | 'no' | 'assumed' | 'none';

export interface RunFinished extends At {
  type: 'run-finished';
  status: 'passed' | 'failed' | 'aborted';
  /** Why it could not go on, where no block says it. */
  why: string | null;
}
