import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';
import { eachMatch } from '../shell-text.ts';

const ENDLESS: readonly RegExp[] = [
  /\bdocker\b[^|;&]*\slogs\b[^|;&]*\s(-\w*f\w*|--follow)\b/,
  /\bdocker[\s-]compose\s[^|;&]*\bup\b(?![^|;&]*\s(-d|--detach|--wait))/,
  /\bdocker\s+(compose\s+)?(stats\b(?![^|;&]*--no-stream)|events\b(?![^|;&]*--until))/,
  /\btail\s+(-\w+\s+)*(-\w*[fF]|--follow)\b/,
  /\bjournalctl\b[^|;&]*\s(-\w*f|--follow)\b/,
  /(^|[;&|]\s*)(watch|ping\s+(?!.*-c\b))\s/,
  /\bsleep\s+inf/,
];

/** A command that never ends, in a block that must. */
export const endless: Rule = {
  name: 'endless',
  check(document, report) {
    for (const pattern of ENDLESS) {
      eachMatch(document, pattern, (match, { text, block }, at) => {
        const ended = /\btimeout\s+\S+\s/.test(text.slice(0, match.index));
        if (block.background || block.interactive || ended) return;
        report(problems.endless(at));
      });
    }
  },
};
