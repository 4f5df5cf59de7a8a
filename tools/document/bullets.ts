import { compileSentence } from '../expect/compile.ts';
import type { BoundSentence } from './document.ts';
import type { Part } from './part.ts';
import type { Place, Report } from './problem.ts';
import { problems } from './problems.ts';

/** What an author puts before a sentence that is none of its words. */
const MARK = /^(?:[✅✔☑✓]\uFE0F?|\[[ xX]\])\s*/u;

/** A sentence with what it says, so that nobody reads its text again. Locks are those of the whole block. */
export function sentenceAt({ line, column }: Place, said: string, statement: number): BoundSentence {
  const text = said.replace(MARK, '').trim();
  const compiled = compileSentence(text);
  const ofBlock = compiled?.assertion.of === 'locks';
  return { text, statement: ofBlock ? null : statement, compiled, line, column };
}

/**
 * The sentences of an expectation's list, `parts` being what stands inside it and `level` that of its items; those
 * of a list inside speak of the same statement as the item around them. An empty item gives an empty sentence,
 * which no rule reads. An item about the whole block is not counted as a statement's.
 */
export function bullets(parts: Part[], level: number, report: Report): BoundSentence[] {
  const sentences: BoundSentence[] = [];
  let statement = -1;
  let isFirst = false;
  for (const part of parts) {
    if (part.kind === 'item' && part.level === level) {
      statement++;
      isFirst = true;
    }
    if (part.kind === 'item' && part.isEmpty) sentences.push(sentenceAt(part, '', statement));
    if (part.kind === 'text' || part.kind === 'heading') {
      const sentence = sentenceAt(part, part.text, statement);
      if (isFirst && sentence.statement === null) statement--;
      isFirst = false;
      sentences.push(sentence);
    }
    if (part.kind === 'fence' || part.kind === 'indented' || part.kind === 'html') {
      report(problems.insideList(part));
    }
  }
  return sentences;
}
