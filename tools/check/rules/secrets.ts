import { problems } from '../../document/problems.ts';
import { isSecretName, urlPasswords } from '../../text/secret.ts';
import type { Rule } from '../rule.ts';

/** `NAME=value` and `--name value`: a secret where the name says so. `$NAME` or nothing is no value. */
const NAMED: readonly RegExp[] = [
  /\b([a-z_]\w*)\s*=\s*(?!["']?(\$|["']?(\s|$)))(?=["']?[^\s"'$])/gi,
  /--(?!no-)([a-z][\w-]*)[= ](?!["']?\$|-)(?=\S)/gi,
];

const LITERALS: readonly RegExp[] = [
  /\bPASSWORD\s+'[^']+'/gi,
  /\bsshpass\s+-p\s*\S+/g,
  /\bcurl\b.*\s(-u|--user)\s*["']?[^\s:"'$]+:(?!\$)[^\s"'$]/g,
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
        const index = secretIn(line);
        if (index === null) continue;
        report(problems.secret({ line: body.line + i, column: body.column + index }));
      }
    }
  },
};

/** Where what holds the first secret of a line begins. */
function secretIn(line: string): number | null {
  const found = [
    ...NAMED.flatMap((pattern) => [...line.matchAll(pattern)]).filter(([, name = '']) => isSecretName(name)),
    ...LITERALS.flatMap((pattern) => [...line.matchAll(pattern)]),
  ];
  const urls = urlPasswords(line).filter(({ start }) => line[start] !== '$');
  const places = [...found.map(({ index }) => index), ...urls.map(({ start }) => start)];
  return places.length > 0 ? Math.min(...places) : null;
}
