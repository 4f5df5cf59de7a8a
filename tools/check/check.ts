import type { Document } from '../document/document.ts';
import { inTextOrder, type Problem } from '../document/problem.ts';
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
