import type { SqlBlock } from '../document/document.ts';
import { type RowWatch, speaksOfRows } from '../expect/assertion.ts';
import { watchRows } from '../expect/judge-rows.ts';
import type { Columns, Row } from '../expect/subject.ts';
import type { Verdict } from '../expect/verdict.ts';
import { sentencesAbout } from './sentences.ts';

/** Judges every sentence about a statement's rows while they come. */
export interface StatementWatch {
  see(row: Row): void;
  /** By the sentences' texts, once all rows were seen. */
  verdicts(rowCount: number): Record<string, Verdict>;
}

/** `statement` is the index of the one whose rows, of these columns, are about to come. */
export function watchStatement(block: SqlBlock, statement: number, columns: Columns): StatementWatch {
  const watches = new Map<string, RowWatch>();
  for (const { text, compiled } of sentencesAbout(statement, block.expectations)) {
    const assertion = compiled?.assertion;
    if (assertion && speaksOfRows(assertion)) watches.set(text, watchRows(assertion, columns));
  }
  const all = [...watches.values()];
  return {
    see(row) {
      for (const watch of all) watch.see(row);
    },
    verdicts: (rowCount) =>
      Object.fromEntries([...watches].map(([text, watch]) => [text, watch.verdict(rowCount)])),
  };
}
