import { problems } from '../../document/problems.ts';
import type { Call } from '../../shell/script.ts';
import { psqlOf, scriptStops } from '../postgres.ts';
import type { Rule } from '../rule.ts';

/** psql goes on after an error in what it reads, and ends with 0. A single `-c` is one step, which fails as a whole. */
export const psql: Rule = {
  name: 'on-error-stop',
  scripts:
    (report) =>
    ({ script, place }) => {
      const seen = new Set<number>();
      for (const call of script.calls) {
        if (call.program !== 'psql' || !goesOn(call) || seen.has(call.offset)) continue;
        seen.add(call.offset);
        report(problems.psqlGoesOn(place(call.offset)));
      }
    },
};

function goesOn(call: Call): boolean {
  const { commands, file, stops, tells, unknown } = psqlOf(call);
  if (stops || tells || unknown) return false;
  if (commands > 0) return commands > 1 || file;
  if (file) return true;
  const { input } = call;
  return input !== null && !(input.kind === 'text' && scriptStops(input.text));
}
