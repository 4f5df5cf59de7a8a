/** One row, cell by cell as PostgreSQL prints it; null is SQL null. */
export type Row = (string | null)[];

export type Columns = { name: string; type: string }[];

/** What a statement gave. */
export interface ResultSet {
  columns: Columns;
  /** The rows, or the first of them where `truncated` says so. */
  rows: Row[];
  /** Rows returned, or touched by a statement that returns none; all of them, whether kept or not. */
  rowCount: number;
  /** Whether there were more rows than were kept: of those, `rows` says nothing. */
  truncated: boolean;
}

/** The beginning of a stream: enough for people and expectations, bounded whatever is printed. */
export interface Captured {
  text: string;
  /** All that was printed. */
  bytes: number;
  truncated: boolean;
}

/** What a shell block left behind. */
export interface Printed {
  exitCode: number;
  stdout: Captured;
  stderr: Captured;
}

/** What PostgreSQL refused a statement with. */
export interface Refusal {
  sqlstate: string;
  message: string;
}

/** Whether a sentence is true, and both sides of it for a reader. */
export interface Verdict {
  passed: boolean;
  expected: string;
  actual: string;
}

/** What a sentence can speak of. */
export interface Subjects {
  rows: ResultSet;
  refusal: Refusal;
  printed: Printed;
}

/** Judges rows one by one as they come, so that a million of them need not be held. */
export interface RowWatch {
  see(row: Row): void;
  /** Once all rows were seen; `rowCount` is how many there were, or how many were touched. */
  verdict(rowCount: number): Verdict;
}

/**
 * One sentence of the language: a Cucumber Expression and what makes it true. The README's table is made of
 * `expression`, `means` and `example`.
 */
export interface Sentence<S extends keyof Subjects = keyof Subjects> {
  expression: string;
  of: S;
  means: string;
  example: string;
  /** Why these arguments could never be false, or contradict themselves; null where all is well. */
  objection?(...args: never[]): string | null;
  judge(subject: Subjects[S], ...args: never[]): Verdict;
  /** Of a sentence about rows: begins to judge a result set whose rows are still to come. */
  watch?(columns: Columns, ...args: never[]): RowWatch;
}

/** Keeps a sentence's subject and its judge's parameter in step. */
export const sentence = <S extends keyof Subjects>(definition: Sentence<S>): Sentence<S> => definition;
