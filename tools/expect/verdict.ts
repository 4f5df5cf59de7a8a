/** Whether a sentence is true, and both sides of it for a reader. */
export interface Verdict {
  passed: boolean;
  expected: string;
  actual: string;
}

export const verdict = (passed: boolean, expected: string, actual: string): Verdict => ({
  passed,
  expected,
  actual,
});
