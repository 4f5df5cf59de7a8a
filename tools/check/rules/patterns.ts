import { problems } from '../../document/problems.ts';
import { acceptsAnything } from '../../expect/pattern.ts';
import { parsePatternLine } from '../../expect/pattern-line.ts';
import type { Rule } from '../rule.ts';

/** Every output fence can be read, and some output would contradict it. */
export const patterns: Rule = {
  name: 'cannot-fail',
  check(document, report) {
    for (const { expectations } of document.blocks) {
      for (const expectation of expectations) {
        if (expectation.kind !== 'output') continue;
        const { lines, body } = expectation;
        const broken = lines.findIndex((line) => !isReadable(line));
        if (broken >= 0) {
          const at = { line: body.line + broken, column: body.column };
          report(problems.badPattern(at));
        } else if (acceptsAnything(lines)) {
          report(problems.acceptsAnything(body));
        }
      }
    }
  },
};

function isReadable(line: string): boolean {
  try {
    parsePatternLine(line);
    return true;
  } catch {
    return false;
  }
}
