import type { Place } from '../text/place.ts';

export type { Place };

/** Something wrong with a document. It is found before anything runs, and always says what to do. */
export interface Problem extends Place {
  /** Its identifier in the catalogue, e.g. `unread-sentence`: what `check` shows behind it in brackets. */
  rule: string;
  message: string;
  remedy: string;
}

/** Takes the problems of a stage as they are found; each stage reports all of its own at once. */
export type Report = (problem: Problem) => void;

/** Problems in the order of the text, so that a reader goes down the page once. */
export const inTextOrder = (problems: Problem[]): Problem[] =>
  [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
