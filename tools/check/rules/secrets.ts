import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';

const LITERALS: readonly RegExp[] = [
  /\b\w*(PASS|PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)\s*=\s*(?!["']?(\$|["']?(\s|$)))["']?[^\s"'$]+/i,
  /\bPASSWORD\s+'[^']+'/i,
  /\bsshpass\s+-p\s*\S+/,
  /--(password|passwd|token|secret)[= ](?!["']?\$)\S+/i,
  /\bcurl\b.*\s(-u|--user)\s*["']?[^\s:"'$]+:(?!\$)[^\s"'$]/,
  /[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']+:(?!\$)[^\s/@"']+@/i,
];

/**
 * No password in clear text: a runbook is mailed, pasted and published. Comments and here-documents are read,
 * too.
 */
export const secrets: Rule = {
  name: 'secret',
  check({ blocks }, report) {
    for (const { text, body } of blocks) {
      for (const [i, line] of text.split('\n').entries()) {
        const match = LITERALS.map((pattern) => pattern.exec(line)).find((found) => found !== null);
        if (!match) continue;
        const at = { line: body.line + i, column: body.column + match.index };
        report(problems.secret(at));
      }
    }
  },
};
