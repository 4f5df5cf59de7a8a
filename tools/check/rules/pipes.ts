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
        const remedy = 'say which is meant: expect `exits 1`, or what it `prints`';
        report('exit-status', at, 'grep ends with 1 where it finds nothing: good news or bad?', remedy);
      },
    );
    eachMatch(document, /\|\s*head\b/, (_, __, at) => {
      const remedy = 'print all of it, or use `sed -n 1,50p`, which reads to the end';
      report(
        'exit-status',
        at,
        '`head` closes the pipe early, and the block fails with 141 when it does',
        remedy,
      );
    });
  },
};
