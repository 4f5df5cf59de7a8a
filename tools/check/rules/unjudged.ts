import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';

/** A query that nothing is expected of is decoration: whatever it returns, the run goes on. */
export const unjudged: Rule = {
  name: 'unjudged',
  check(document, report) {
    for (const block of document.blocks) {
      if (block.language !== 'sql') continue;
      const reads = block.statements.filter(
        ({ effect, text }) => effect === 'reads' && /^[\s(]*(select|with|table|values|show)\b/i.test(text),
      );
      const spoken = block.expectations.flatMap((one) => (one.kind === 'sentences' ? one.sentences : [null]));
      for (const statement of reads) {
        const index = block.statements.indexOf(statement);
        if (spoken.some((sentence) => sentence === null || sentence.statement === index)) continue;
        report(problems.unjudged(statement, statement.title));
      }
    }
  },
};
