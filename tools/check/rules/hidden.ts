import type { ShellBlock } from '../../document/document.ts';
import type { Place, Problem } from '../../document/problem.ts';
import { problems } from '../../document/problems.ts';
import { type Hidden, hiddenFailures } from '../../shell/hidden.ts';
import type { Rule } from '../rule.ts';
import { scriptsOf } from '../scripts.ts';

/** A block that passes has done all that it says. */
export const hidden: Rule = {
  name: 'hidden-failure',
  check(document, report) {
    for (const { block, script, place } of scriptsOf(document)) {
      // Of code that bash does not read as it was meant, nothing else can be said.
      if (script.fault) continue;
      for (const one of hiddenFailures(script)) {
        if ('told' in one && isJudged(one.told, block)) continue;
        report(problemOf(one, place));
      }
    }
  },
};

function problemOf(one: Hidden, place: (offset: number) => Place): Problem {
  const at = place(one.offset);
  switch (one.kind) {
    case 'last-only':
      return problems.lastStatusOnly(at, one.shell);
    case 'pipe':
      return problems.pipeHides(at, one.shell);
    case 'and':
      return problems.andHides(at);
    case 'claim':
      return problems.claimHides(at);
    case 'or-tells':
      return problems.orTells(at);
    case 'negation':
      return problems.negationHides(at);
    case 'condition':
      return problems.conditionHides(at, String(place(one.condition).line));
    case 'substitution':
      return problems.substitutionHides(at);
    case 'declaration':
      return problems.declarationHides(at, one.declares);
    case 'background':
      return problems.nobodyWaits(at);
  }
}

/** Whether an expectation of the block speaks of what an echo tells: its whole output, or words of it. */
const isJudged = (told: string, { expectations }: ShellBlock): boolean =>
  expectations.some(
    (one) =>
      one.kind === 'output' ||
      one.sentences.some(({ text }) =>
        [...text.matchAll(/["“]([^"”]+)["”]/g)].some(([, words = '']) => told.includes(words)),
      ),
  );
