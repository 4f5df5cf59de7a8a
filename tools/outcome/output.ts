import type { Refusal, ResultSet } from '../expect/sentence.ts';

/** What a target gave back for a block. That it could not run at all is a CannotRun, never an Output. */
export type Output = ShellOutput | SqlOutput;

export interface ShellOutput {
  kind: 'shell';
  /** 128 + n where signal n ended it, as shells say it. */
  exitCode: number;
  timedOut: boolean;
  stdout: Captured;
  stderr: Captured;
  /** Variables that the block exported or changed. */
  exports: Record<string, string>;
  durationMs: number;
}

/** The beginning of a stream: enough for people and expectations, bounded whatever is printed. */
export interface Captured {
  text: string;
  /** All that was printed. */
  bytes: number;
  truncated: boolean;
}

export interface SqlOutput {
  kind: 'sql';
  /** One for each statement that ran, in order. */
  results: StatementResult[];
  /** What the statement after the last result was refused with. */
  refusal: (Refusal & { hint: string | null; position: number | null }) | null;
  timedOut: boolean;
  durationMs: number;
}

export interface StatementResult extends ResultSet {
  title: string;
  /** PostgreSQL's command tag, e.g. `SELECT` or `REFRESH MATERIALIZED VIEW`. */
  command: string;
  durationMs: number;
}

/** The block could not be tried: host unreachable, program missing, connection cut. Not the same as wrong. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}
