/** A position in runbook.md: both from 1, columns in UTF-16 code units, as editors count. */
export interface Place {
  line: number;
  column: number;
}

/** Something wrong with a document. It is found before anything runs, and always says what to do. */
export interface Problem extends Place {
  /** The rule that found it, e.g. `unread-sentence`: what `check --format github` shows as its title. */
  rule: string;
  message: string;
  remedy: string;
}

/** Collects problems while a stage goes on; each stage reports all of its own at once. */
export type Report = (rule: string, at: Place, message: string, remedy: string) => void;

/** A Report that appends to `problems`. */
export const reporter =
  (problems: Problem[]): Report =>
  (rule, { line, column }, message, remedy) => {
    problems.push({ rule, line, column, message, remedy });
  };

/** Problems in the order of the text, so that a reader goes down the page once. */
export const inTextOrder = (problems: Problem[]): Problem[] =>
  [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
