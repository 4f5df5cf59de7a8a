import type { Document } from '../document/document.ts';
import type { Report } from '../document/problem.ts';

/** One thing that can be wrong with a document, found without running it. */
export interface Rule {
  /** As shown behind each problem, in brackets. */
  name: string;
  check(document: Document, report: Report, beside: Beside): void;
}

/** The text of a file, by its path from the page; null where there is none that can be read. */
export type Beside = (path: string) => string | null;
