import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';
import { eachMatch } from '../shell-text.ts';

const SHELLS = '(ba|z|da|k)?sh';
/** Programs that wait for a person's input: what stands after them in the block runs elsewhere or never. */
const WAITING: readonly [RegExp, string][] = [
  [/\bssh(\s+-\S+(\s+\S+)?)*\s+[\w.-]+(@[\w.-]+)?\s*$/, 'an ssh session opens a shell'],
  [
    new RegExp(`\\bdocker\\s+compose\\s+(run|exec)\\b[^|;&]*\\s(/bin/)?${SHELLS}\\s*$`),
    'this opens a shell in a container',
  ],
  [/\bdocker\s+(compose\s+)?(exec|run)\s+(-\w*(it|ti)\w*|--interactive|--tty)\b/, 'this wants a terminal'],
  [
    new RegExp(`^\\s*(sudo\\s+-[is]|(sudo\\s+)?(su(\\s+-)?(\\s+\\w+)?|${SHELLS}))\\s*$`),
    'this opens a shell',
  ],
  [
    /\bpsql\b(?![^|;&]*(\s-\w*[cfl]\b|--command|--file|--list|--version|<|"\$@"))[^|;&]*$/,
    'psql without a command waits for one',
  ],
];

/** A block is one shell from its first line to its last. */
export const interactive: Rule = {
  name: 'interactive-shell',
  check(document, report) {
    for (const [pattern, message] of WAITING) {
      eachMatch(document, pattern, (match, { block, text }, at) => {
        if (block.interactive || /\|\s*psql/.test(text.slice(0, match.index + 8))) return;
        report(problems.interactiveShell(at, message));
      });
    }
    eachMatch(document, /^\s*exit\s*$/, (_, { block }, at) => {
      if (!block.interactive) report(problems.exit(at));
    });
  },
};
