import type { Document } from '../document/document.ts';
import { inTextOrder, type Problem } from '../document/problem.ts';
import type { Beside, Rule } from './rule.ts';
import { STRICT_RULES } from './rules/strict.ts';
import { RULES } from './rules.ts';

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
  const found: Problem[] = [];
  for (const rule of rules) rule.check(document, (problem) => found.push(problem), beside);
  return found;
}
