import { problems } from '../../document/problems.ts';
import { acceptsAnything } from '../../expect/pattern.ts';
import type { Rule } from '../rule.ts';

/** Every output fence can be read, and some output would contradict it. */
export const patterns: Rule = {
  name: 'cannot-fail',
  check(document, report) {
    for (const { expectations } of document.blocks) {
      for (const expectation of expectations) {
        if (expectation.kind !== 'output') continue;
        const { compiled, body } = expectation;
        if ('invalid' in compiled) {
          const problem = compiled.why === 'no-regex' ? problems.badPattern : problems.ambiguousLine;
          report(problem({ line: body.line + compiled.invalid, column: body.column }));
        } else if (acceptsAnything(compiled.patterns)) {
          report(problems.acceptsAnything(body));
        }
      }
    }
  },
};
