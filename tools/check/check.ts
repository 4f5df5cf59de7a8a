import type { Document } from '../document/document.ts';
import { inTextOrder, type Problem, type Report } from '../document/problem.ts';
import type { Beside, Rule } from './rule.ts';
import { STRICT_RULES } from './rules/strict.ts';
import { RULES } from './rules.ts';
import { scriptOf } from './scripts.ts';

/**
 * Everything that is wrong with a document as far as can be told without running it, in the order of the
 * text. `beside` reads the scripts that its blocks run; without it, nothing is said of them.
 */
export function checkDocument(document: Document, beside: Beside = () => null): Problem[] {
  return inTextOrder([...document.problems, ...foundBy(RULES, document, beside)]);
}

/** What no run would judge of a document, in the order of the text: what `check --strict` lists, too. */
export function unjudgedIn(document: Document): Problem[] {
  return inTextOrder(foundBy(STRICT_RULES, document, () => null));
}

function foundBy(rules: readonly Rule[], document: Document, beside: Beside): Problem[] {
  const found = rules.map((): Problem[] => []);
  const looks = rules.flatMap((rule, i) => {
    const report: Report = (problem) => found[i]?.push(problem);
    rule.check?.(document, report);
    return rule.scripts?.(report, document, beside) ?? [];
  });
  // All rules see one block before the next is read: to keep the syntax of thousands takes longer than to read it.
  if (looks.length > 0)
    for (const block of document.blocks) {
      if (block.language === 'sql') continue;
      const script = scriptOf(block);
      for (const look of looks) look(script);
    }
  return found.flat();
}
