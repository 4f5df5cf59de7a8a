import type { Block, BoundSentence } from '../../document/document.ts';
import type { Report } from '../../document/problem.ts';
import type { ProblemKind } from '../../document/problems.ts';
import { problems } from '../../document/problems.ts';
import type { Subject } from '../../expect/assertion.ts';
import { suggestSentence } from '../../expect/suggest.ts';
import { codePoint, deceptiveIn } from '../../text/unseen.ts';
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
  const { text, compiled } = sentence;
  if (!compiled) {
    const example = suggestSentence(text, (of) => !subjectMismatch(of, block, sentence.statement));
    const sign = deceptiveIn(text.trim());
    const remedy = example
      ? `write it like “${example}”`
      : 'the tool’s docs/language.md lists the sentences that there are';
    const why = sign ? `${codePoint(sign)} hides in it, which looks like a blank or like nothing: ` : '';
    report(problems.unreadSentence(sentence, text, `${why}${remedy}`));
    return;
  }
  const { assertion, objection } = compiled;
  if (objection) report(problems.cannotFail(sentence, text, objection));
  const mismatch = subjectMismatch(assertion.of, block, sentence.statement);
  if (mismatch) report(mismatch(sentence, text));
}

/** Why a sentence cannot speak of what its block gives; null where it can. */
function subjectMismatch(
  of: Subject,
  block: Block,
  index: number | null,
): ProblemKind<[text: string]> | null {
  if (block.language !== 'sql') return of === 'refusal' ? problems.speaksOfSql : null;
  if (of === 'printed' || of === 'exit-status') return problems.speaksOfShell;
  const isLast = index === null || index >= block.statements.length - 1;
  if (of === 'refusal' && !isLast) return problems.leavesRest;
  const changes = index === null || (block.statements[index]?.changes ?? true);
  return of === 'changed-rows' && !changes ? problems.speaksOfChange : null;
}
