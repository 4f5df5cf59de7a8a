import type { Columns, Printed, Refusal, Row, SeenLocks } from './subject.ts';
import type { Verdict } from './verdict.ts';

/** Judges rows one by one as they come, so that a million of them need not be held. */
export interface RowWatch {
  see(row: Row): void;
  /** Once all rows were seen; `rowCount` is how many there were, or how many were touched. */
  verdict(rowCount: number): Verdict;
}

/** What a sentence can speak of, and how it is judged of that. */
export interface Judges {
  /** Begins to judge a result set whose rows, of these columns, are still to come. */
  rows: (columns: Columns) => RowWatch;
  /** The number of rows alone, which is known whatever was kept of them. */
  'row-count': (rowCount: number) => Verdict;
  /** The number of rows that a statement changed. */
  'changed-rows': (rowCount: number) => Verdict;
  refusal: (refusal: Refusal) => Verdict;
  printed: (printed: Printed) => Verdict;
  'exit-status': (exitCode: number) => Verdict;
  /** All that a block gives: rows, or what it printed. */
  value: {
    rows: (columns: Columns) => RowWatch;
    printed: (printed: Printed) => Verdict;
  };
  /** What a block's sessions held, which is known in a rehearsal only. */
  locks: (locks: SeenLocks) => Verdict;
}

export type Subject = keyof Judges;

/** What a sentence says, compiled: its subject, and the judge of it. */
export type Assertion<S extends Subject = Subject> = { [Of in S]: { of: Of; judge: Judges[Of] } }[S];

/** One that speaks of what a statement returns or changes. */
export type RowsAssertion = Assertion<'rows' | 'row-count' | 'changed-rows' | 'value'>;

const OF_ROWS: ReadonlySet<Subject> = new Set(['rows', 'row-count', 'changed-rows', 'value']);

export const speaksOfRows = (assertion: Assertion): assertion is RowsAssertion => OF_ROWS.has(assertion.of);
