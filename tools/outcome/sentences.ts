import type { BoundSentence, Expectation } from '../document/document.ts';

export const sentencesOf = (expectations: Expectation[]): BoundSentence[] =>
  expectations.flatMap((expectation) => (expectation.kind === 'sentences' ? expectation.sentences : []));

/** The sentences that speak of the `sql` block's statement of this index. */
export const sentencesAbout = (statement: number, expectations: Expectation[]): BoundSentence[] =>
  sentencesOf(expectations).filter((sentence) => sentence.statement === statement);
