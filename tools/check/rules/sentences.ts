import type { Block, BoundSentence } from '../../document/document.ts';
import type { Report } from '../../document/problem.ts';
import { nearestExample, objectionTo, readSentence } from '../../expect/read.ts';
import type { Sentence } from '../../expect/sentence.ts';
import type { Rule } from '../rule.ts';

/** Every sentence is read by a rule, speaks of what its block has, and can be false. */
export const sentences: Rule = {
  name: 'unread-sentence',
  check(document, report) {
    for (const block of document.blocks) {
      for (const expectation of block.expectations) {
        if (expectation.kind !== 'sentences') continue;
        for (const sentence of expectation.sentences) checkSentence(block, sentence, report);
      }
    }
  },
};

function checkSentence(block: Block, sentence: BoundSentence, report: Report): void {
  const read = readSentence(sentence.text);
  if (!read) {
    const example = nearestExample(sentence.text);
    const remedy = example ? `write it like “${example}”` : 'the README lists the sentences that there are';
    report('unread-sentence', sentence, `no rule reads “${sentence.text}”`, remedy);
    return;
  }
  const objection = objectionTo(read);
  if (objection)
    report('cannot-fail', sentence, `“${sentence.text}”: ${objection}`, 'say what would be wrong');
  const mismatch = subjectMismatch(read.rule, block, sentence.statement);
  if (mismatch) report('wrong-subject', sentence, `“${read.rule.expression}” ${mismatch[0]}`, mismatch[1]);
}

/** Why a sentence cannot speak of what its block gives, and what to do; null where it can. */
function subjectMismatch(
  { of, expression }: Sentence,
  block: Block,
  index: number | null,
): [message: string, remedy: string] | null {
  if (block.language !== 'sql') {
    return of === 'refusal'
      ? ['speaks of SQL, and this is a shell', 'write `exits 1` or `complains "…"`']
      : null;
  }
  if (of === 'printed') {
    return ['speaks of a shell, and this is SQL', 'speak of its rows, or of what it `fails with`'];
  }
  if (of === 'refusal' && index !== null && index < block.statements.length - 1) {
    return ['leaves the statements after it unrun', 'make it the last one, or give it a block of its own'];
  }
  const reads = index !== null && block.statements[index]?.effect === 'reads';
  return reads && expression.startsWith('touches')
    ? ['speaks of INSERT, UPDATE or DELETE', 'say how many rows it returns']
    : null;
}
