import type { Rule } from '../rule.ts';
import { eachMatch } from '../shell-text.ts';

/** A name that somebody has to fill in is a name that somebody gets wrong. */
export const placeholders: Rule = {
  name: 'placeholder',
  check(document, report) {
    eachMatch(document, /YYYY|XXXX|<your[-_ ]|<[A-Z][A-Z_ -]+>|\bTODO\b|\bCHANGEME\b/, (match, _, at) => {
      const remedy = 'let an earlier block export the value, and use "$NAME"';
      report('placeholder', at, `“${match[0]}” waits for somebody to fill it in`, remedy);
    });
    eachMatch(document, /(^|[\s"'=:])(\/Users\/\w+|\/home\/(?!node\b)\w+)\//, (match, _, at) => {
      report(
        'placeholder',
        at,
        `${match[2]} is on one person’s machine`,
        'use a path relative to the runbook, with on=local',
      );
    });
  },
};
