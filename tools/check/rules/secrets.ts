import type { Rule } from '../rule.ts';
import { eachMatch } from '../shell-text.ts';

const LITERALS: readonly RegExp[] = [
  /\b\w*(PASS|PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)\s*=\s*(?!["']?(\$|["']?(\s|$)))["']?[^\s"'$]+/i,
  /\bsshpass\s+-p\s*\S+/,
  /--(password|passwd|token|secret)[= ](?!["']?\$)\S+/i,
  /[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']+:(?!\$)[^\s/@"']+@/i,
];

/** No password in clear text: a runbook is mailed, pasted and published. */
export const secrets: Rule = {
  name: 'secret',
  check(document, report) {
    for (const pattern of LITERALS) {
      eachMatch(document, pattern, (_, __, at) => {
        const remedy =
          'use a key, or take it from the environment ("$NAME"), and change the one written here';
        report('secret', at, 'a password stands here in clear text', remedy);
      });
    }
  },
};
