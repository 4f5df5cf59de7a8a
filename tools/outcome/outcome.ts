/** What became of one expectation; both sides in words, so that a report needs nothing else. */
export interface ExpectationOutcome {
  text: string;
  line: number;
  status: 'passed' | 'failed' | 'not-run';
  expected: string;
  actual: string;
  /** For an output compared line by line. */
  lines?: { expected: string | null; actual: string | null; same: boolean }[];
}

/** What became of a block. */
export interface Outcome {
  /** `unknown`: it began, and nobody can say how it ended. */
  status: 'passed' | 'failed' | 'unknown' | 'not-run';
  /** Why it is not `passed`, where no expectation says it; `line` and `column` are of runbook.md. */
  why: { message: string; line: number; column: number } | null;
  expectations: ExpectationOutcome[];
  /** What `<name>` in a `text` fence stood for: later blocks see it as a variable. */
  captured: Record<string, string>;
}
