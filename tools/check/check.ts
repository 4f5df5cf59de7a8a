import type { Document } from '../document/document.ts';
import { inTextOrder, type Problem, reporter } from '../document/problem.ts';
import { RULES } from './rules.ts';

/**
 * Everything that is wrong with a document as far as can be told without running it, in the order of the
 * text.
 */
export function checkDocument(document: Document): Problem[] {
  const problems = [...document.problems];
  const report = reporter(problems);
  for (const rule of RULES) rule.check(document, report);
  return inTextOrder(problems);
}
