import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';
import { eachMatch } from '../shell-text.ts';

/** A name that somebody has to fill in is a name that somebody gets wrong. */
export const placeholders: Rule = {
  name: 'placeholder',
  check(document, report) {
    eachMatch(document, /YYYY|XXXX|<your[-_ ]|<[A-Z][A-Z_ -]+>|\bTODO\b|\bCHANGEME\b/, (match, _, at) => {
      report(problems.placeholder(at, match[0]));
    });
    eachMatch(document, /(^|[\s"'=:])(\/Users\/\w+|\/home\/(?!node\b)\w+)\//, (match, _, at) => {
      report(problems.personalPath(at, match[2] ?? ''));
    });
  },
};
