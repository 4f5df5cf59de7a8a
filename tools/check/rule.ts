import type { Document } from '../document/document.ts';
import type { Report } from '../document/problem.ts';

/** One thing that can be wrong with a document, found without running it. */
export interface Rule {
  /** As shown behind each problem, in brackets. */
  name: string;
  check(document: Document, report: Report): void;
}
