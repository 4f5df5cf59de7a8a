import type { Document } from '../document/document.ts';
import type { Report } from '../document/problem.ts';
import type { BlockScript } from './scripts.ts';

/** One thing that can be wrong with a document, found without running it: in its text as a whole, in its code, or both. */
export interface Rule {
  /** As shown behind each problem, in brackets. */
  name: string;
  check?(document: Document, report: Report): void;
  /**
   * Begins with a document. What it returns is called with each of its shell blocks, in the order of the text, and is to
   * keep none of them: their syntax takes many times the room of their text.
   */
  scripts?(report: Report, document: Document, beside: Beside): (script: BlockScript) => void;
}

/** The text of a file, by its path from the page; null where there is none that can be read. */
export type Beside = (path: string) => string | null;
