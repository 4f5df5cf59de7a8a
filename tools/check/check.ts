import type { Document } from '../document/document.ts';
import { inTextOrder, type Problem } from '../document/problem.ts';
import { STRICT_RULES } from './rules/strict.ts';
import { RULES } from './rules.ts';

/**
 * Everything that is wrong with a document as far as can be told without running it, in the order of the
 * text.
 */
export function checkDocument(document: Document): Problem[] {
  const problems = [...document.problems];
  for (const rule of RULES) rule.check(document, (problem) => problems.push(problem));
  return inTextOrder(problems);
}

/** What no run would judge of a document, in the order of the text: what `check --strict` lists, too. */
export function unjudgedIn(document: Document): Problem[] {
  const found: Problem[] = [];
  for (const rule of STRICT_RULES) rule.check(document, (problem) => found.push(problem));
  return inTextOrder(found);
}
