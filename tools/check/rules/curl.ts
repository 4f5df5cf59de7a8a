import { problems } from '../../document/problems.ts';
import { hasOption, readOptions } from '../../shell/options.ts';
import type { Call } from '../../shell/script.ts';
import { wordsIn } from '../../text/words.ts';
import type { Rule } from '../rule.ts';

const GRAMMAR = {
  valued: 'AbcCdDeEFHhKmoPQrtTuUwxXyYz',
  long: wordsIn(`
    output header data data-raw data-binary data-urlencode user request user-agent cookie cookie-jar
    referer form upload-file config max-time connect-timeout retry retry-delay retry-max-time
    write-out proxy range cacert capath cert key resolve unix-socket interface json url dump-header
    oauth2-bearer limit-rate max-redirs connect-to cert-type noproxy aws-sigv4 output-dir stderr
    trace trace-ascii
  `),
};

/** curl takes an error page for a success. */
export const curl: Rule = {
  name: 'curl-without-fail',
  scripts:
    (report) =>
    ({ calls }) => {
      for (const { call, at } of calls)
        if (call.program === 'curl' && believesAnything(call)) report(problems.curlWithoutFail(at));
    },
};

function believesAnything({ args }: Call): boolean {
  const read = readOptions(args, GRAMMAR);
  if (hasOption(read, '-f', '--fail', '--fail-with-body', '-K', '--config')) return false;
  // Whoever prints the status looks at it.
  if (read.options.some(({ name, value }) => /^(-w|--write-out)$/.test(name) && /code\}/.test(value ?? ''))) {
    return false;
  }
  const urls = [
    ...read.operands.filter(({ many }) => !many),
    ...read.options.filter(({ name }) => name === '--url').map(({ at }) => at),
  ];
  const [many] = read.operands.filter((one) => one.many);
  if (urls.length === 0) return many !== undefined && /url|endpoint|api|uri|link/i.test(many.variable ?? '');
  // A variable beside the URL may be the options.
  return many === undefined && !urls.every(({ value }) => /^(file|ftp|ftps|sftp|telnet):/.test(value));
}
