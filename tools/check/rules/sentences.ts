import type { Block, BoundSentence } from '../../document/document.ts';
import type { Report } from '../../document/problem.ts';
import type { ProblemKind } from '../../document/problems.ts';
import { problems } from '../../document/problems.ts';
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
    report(problems.unreadSentence(sentence, sentence.text, remedy));
    return;
  }
  const objection = objectionTo(read);
  if (objection) report(problems.cannotFail(sentence, sentence.text, objection));
  const mismatch = subjectMismatch(read.rule, block, sentence.statement);
  if (mismatch) report(mismatch(sentence, read.rule.expression));
}

/** Why a sentence cannot speak of what its block gives; null where it can. */
function subjectMismatch(
  { of, expression }: Sentence,
  block: Block,
  index: number | null,
): ProblemKind<[expression: string]> | null {
  if (block.language !== 'sql') return of === 'refusal' ? problems.speaksOfSql : null;
  if (of === 'printed') return problems.speaksOfShell;
  const isLast = index === null || index >= block.statements.length - 1;
  if (of === 'refusal' && !isLast) return problems.leavesRest;
  const reads = index !== null && block.statements[index]?.effect === 'reads';
  return reads && expression.startsWith('touches') ? problems.speaksOfChange : null;
}
