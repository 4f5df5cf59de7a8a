import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';
import { eachMatch } from '../shell-text.ts';

/** Two exit statuses that mean one thing in one place and another in the next. */
export const pipes: Rule = {
  name: 'exit-status',
  check(document, report) {
    eachMatch(
      document,
      /(?:^|\|)\s*(?:docker[^|]*\|\s*)?(grep\s(?:[^|;&]|\\\|)*)$/,
      (match, { block, text }, at) => {
        const judged = block.expectations.length > 0;
        if (judged || /^\s*(if|while|until|!)\s/.test(text) || match[1]?.includes(' -c')) return;
        report(problems.grepStatus(at));
      },
    );
    eachMatch(document, /\|\s*head\b/, (_, __, at) => {
      report(problems.headClosesPipe(at));
    });
  },
};
