import type { Place } from '../../document/problem.ts';
import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';

const CLAIM = /^\s*(--|#)\s*(should\s+(be|show|return|print|have|equal)|expect(ed|s)?\b)/i;

/** The prose is the assertion: what a comment claims, nobody checks. */
export const comments: Rule = {
  name: 'unjudged-comment',
  check({ blocks }, report) {
    for (const { text, body } of blocks) {
      for (const [i, line] of text.split('\n').entries()) {
        if (!CLAIM.test(line)) continue;
        const at: Place = { line: body.line + i, column: body.column };
        report(problems.unjudgedComment(at, line.trim()));
      }
    }
  },
};
