/** What a statement gave, cell by cell as PostgreSQL prints it; null is SQL null. */
export interface ResultSet {
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
  /** Rows returned, or touched by a statement that returns none. It may exceed `rows.length`. */
  rowCount: number;
}

/** What a shell block left behind. */
export interface Printed {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Whether these are all of it: of what was cut off, nobody can say what is not in it. */
  complete: boolean;
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
}

/** Keeps a sentence's subject and its judge's parameter in step. */
export const sentence = <S extends keyof Subjects>(definition: Sentence<S>): Sentence<S> => definition;
