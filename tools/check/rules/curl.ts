import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';
import { eachMatch } from '../shell-text.ts';

/** curl takes an error page for a success. */
export const curl: Rule = {
  name: 'curl-without-fail',
  check(document, report) {
    eachMatch(document, /(?:^|[\s;&|(])(curl\s(?:"[^"]*"|'[^']*'|[^|;&"'])*)/, (match, _, at) => {
      if (/\s(--fail(-with-body)?|-\w*f\w*)(\s|$)/.test(match[1] ?? '')) return;
      report(problems.curlWithoutFail(at));
    });
  },
};
