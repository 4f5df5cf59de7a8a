import type { Rule } from '../rule.ts';
import { eachMatch } from '../shell-text.ts';

const ENDLESS =
  /\b(docker\s+compose\s+logs\b[^|;&]*\s(-\w*f\w*|--follow)\b|tail\s+(-\w+\s+)*-\w*[fF]\b|watch\s|journalctl\b[^|;&]*\s-\w*f|ping\s+(?!.*-c\b))/;

/** A command that never ends, in a block that must. */
export const endless: Rule = {
  name: 'endless',
  check(document, report) {
    eachMatch(document, ENDLESS, (match, { text, block }, at) => {
      if (block.background || block.interactive || /\btimeout\s+\S+\s/.test(text.slice(0, match.index)))
        return;
      report(
        'endless',
        at,
        'this never ends, so neither does its block',
        'read what is there (`--since 10m`), or put `timeout 30` before it',
      );
    });
  },
};
