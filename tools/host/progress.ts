import type { SqlBlock } from '../document/document.ts';
import type { PreparedFact } from '../outcome/fact.ts';
import { type SqlOutput, type StatementResult, UnknownEnd } from '../outcome/output.ts';

/** How far an `sql` block is; it is known also where the connection is cut. */
export interface Progress {
  /** Of the statements that have ended, in order; those from `kept` on stand in a transaction that is open. */
  results: StatementResult[];
  /** So many of them count whatever becomes of the connection. */
  kept: number;
  /** So many of them stand in facts: what they wrote is there. */
  recorded: number;
  /** What the server was sent and has not answered, where only its answer tells how it ended. */
  sent: Sent | null;
  refusal: SqlOutput['refusal'];
  openTransaction: boolean;
}

/**
 * A COMMIT, with the results that count where it is done; or a statement that stands in no transaction. `epoch` is the
 * server's as its number was given, undefined where an older journal does not say it.
 */
export type Sent =
  | { kind: 'commit'; xid: string; epoch: string | null | undefined; results: StatementResult[] }
  | { kind: 'alone'; index: number };

export const noProgress = (): Progress => ({
  results: [],
  kept: 0,
  recorded: 0,
  sent: null,
  refusal: null,
  openTransaction: false,
});

/**
 * The progress that an earlier run recorded: each fact but the last ended well, or there would be none after it. One that
 * speaks of statements again was rolled back before, and stands in the place of its first.
 * Throws UnknownEnd where a fact is missing.
 */
export function progressOf(prepared: PreparedFact[]): Progress {
  const progress = noProgress();
  for (const { index, xid, epoch, results } of prepared) {
    settle(progress, true);
    if (results.length === 0) progress.sent = { kind: 'alone', index };
    else {
      const start = index + 1 - results.length;
      if (start < 0 || start > progress.results.length)
        throw new UnknownEnd('what is recorded of its statements has gaps: how far it is cannot be told');
      progress.results.length = start;
      progress.kept = start;
      progress.recorded = Math.min(progress.recorded, start);
      progress.sent = { kind: 'commit', xid: xid ?? '', epoch, results: [...progress.results, ...results] };
      if (xid === null) settle(progress, true);
    }
  }
  return progress;
}

/** Takes a COMMIT that was sent for done, or not; what stood before it counts either way. */
export function settle(progress: Progress, committed: boolean): void {
  const { sent } = progress;
  if (sent?.kind === 'commit' && committed) keep(progress, sent.results);
  else progress.results.length = progress.kept;
  progress.sent = null;
}

/** Counts these results for good, as they stand in facts and what they speak of is done. */
export function keep(progress: Progress, results: StatementResult[]): void {
  progress.results = results;
  progress.kept = results.length;
  progress.recorded = results.length;
}

/** How far it is, e.g. `2 of 5 statements are done, up to “Add it” (line 12)`. */
export function howFar({ statements }: SqlBlock, { kept }: Progress): string {
  if (kept === 0) return `none of its ${statements.length} statements is done`;
  return `${kept} of ${statements.length} statements are done, up to ${named(statements, kept - 1)}`;
}

export function named(statements: SqlBlock['statements'], index: number): string {
  const { title = '', line = 0 } = statements[index] ?? {};
  return `“${title}” (line ${line})`;
}
