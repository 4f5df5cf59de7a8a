import type { Captured, Refusal, ResultSet } from '../expect/subject.ts';
import type { Verdict } from '../expect/verdict.ts';
import type { Effects, Unmeasured } from './effects.ts';

/** What a host gave back for a block. That it could not run at all is a CannotRun, never an Output. */
export type Output = ShellOutput | SqlOutput;

/** What was seen of a block from outside, in a rehearsal. */
export interface Seen {
  effects?: Effects | Unmeasured;
}

export interface ShellOutput extends Seen {
  kind: 'shell';
  /** 128 + n where signal n ended it, as shells say it. */
  exitCode: number;
  timedOut: boolean;
  /** Whether the run itself ended it before its time was over: its end says nothing of it. */
  interrupted: boolean;
  stdout: Captured;
  stderr: Captured;
  /** Variables that the block exported or changed. */
  exports: Record<string, string>;
  /** Names of variables that it exported and no later block can be given: their values are no UTF-8. */
  unreadable?: string[];
  /** What its shell left running, and still held its output a while after: what that prints is lost. */
  left?: LeftProcess[];
  durationMs: number;
}

/** A process at the far side; `command` are its words, cut where they are many. */
export interface LeftProcess {
  pid: number;
  command: string;
}

export interface SqlOutput extends Seen {
  kind: 'sql';
  /** One for each statement that ran, in order. */
  results: StatementResult[];
  /** What the statement after the last result was refused with, by PostgreSQL's own decision. */
  refusal: (Refusal & { hint: string | null; position: number | null }) | null;
  /** Whether the statement after the last result was ended because the block's time was over. */
  timedOut: boolean;
  /** Whether it was ended because the run was interrupted. */
  interrupted: boolean;
  /** Whether a transaction that the block began was still open at its end, and so was rolled back. */
  openTransaction?: boolean;
  /** What the server said besides, such as a NOTICE or a WARNING, each with its DETAIL and HINT; absent where it said nothing. */
  notices?: Captured;
  durationMs: number;
}

export interface StatementResult extends ResultSet {
  title: string;
  /** PostgreSQL's command tag, e.g. `SELECT` or `REFRESH MATERIALIZED VIEW`. */
  command: string;
  /** Of a truncated result set, the sentences that were judged as its rows came, by their text. */
  verdicts?: Record<string, Verdict>;
  /** The bytes of its longest row, where that was too long to be read: nobody knows what is in it. */
  unreadBytes?: number;
  durationMs: number;
}

/** The block began, and how it ended cannot be told: its machine went down, or does not answer any more. */
export class UnknownEnd extends Error {
  override name = 'UnknownEnd';

  /** Whether what it ran on does not answer, and may tell how it ended once it does. */
  readonly unanswered: boolean;

  constructor(message: string, unanswered = false) {
    super(message);
    this.unanswered = unanswered;
  }
}

/** The block could not be tried: host unreachable, program missing, connection cut. Not the same as wrong. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}
