import type { Block, BoundSentence } from '../../document/document.ts';
import type { Report } from '../../document/problem.ts';
import { nearestExample, objectionTo, readSentence } from '../../expect/read.ts';
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
  const { of, expression } = read.rule;
  if (of === 'printed' && block.language === 'sql') {
    const remedy = 'speak of its rows, or of what it `fails with`';
    report('wrong-subject', sentence, `“${expression}” speaks of a shell, and this is SQL`, remedy);
  }
  if (of === 'refusal' && block.language !== 'sql') {
    report(
      'wrong-subject',
      sentence,
      `“${expression}” speaks of SQL, and this is a shell`,
      'write `exits 1` or `complains "…"`',
    );
  }
}
