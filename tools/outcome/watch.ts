import type { Block } from '../document/document.ts';
import { readSentence } from '../expect/read.ts';
import type { Columns, Row, RowWatch, Verdict } from '../expect/sentence.ts';

/** Judges every sentence about a statement's rows while they come. */
export interface StatementWatch {
  see(row: Row): void;
  /** By the sentences' texts, once all rows were seen. */
  verdicts(rowCount: number): Record<string, Verdict>;
}

/** `statement` is the index of the one whose rows, of these columns, are about to come. */
export function watchStatement(block: Block, statement: number, columns: Columns): StatementWatch {
  const watches = new Map<string, RowWatch>();
  for (const text of sentencesAbout(block, statement)) {
    const read = readSentence(text);
    const watch = read?.rule.watch?.(columns, ...(read.args as never[]));
    if (watch) watches.set(text, watch);
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

const sentencesAbout = ({ expectations, statements }: Block, statement: number): string[] =>
  expectations
    .flatMap((expectation) => (expectation.kind === 'sentences' ? expectation.sentences : []))
    .filter((sentence) => (sentence.statement ?? statements.length - 1) === statement)
    .map(({ text }) => text);
