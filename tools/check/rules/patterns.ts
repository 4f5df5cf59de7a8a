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
          const { invalid, offset, why } = compiled;
          const place = { line: body.line + invalid, column: body.column + offset };
          report(why === 'ambiguous' ? problems.ambiguousLine(place) : problems.badPattern(place, why));
        } else if (acceptsAnything(compiled.patterns)) {
          report(problems.acceptsAnything(body));
        }
      }
    }
  },
};
