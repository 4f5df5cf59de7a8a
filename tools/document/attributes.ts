import { parseDuration } from '../text/duration.ts';

/**
 * What an info string says behind its language, in the form that Runme uses: `sh { name=greet on=web timeout=2m }`.
 * Only what the document says; defaults are the parser's.
 */
export interface Attributes {
  name?: string;
  on?: string;
  cwd?: string;
  effect?: 'reads' | 'writes' | 'destroys';
  timeoutMs?: number;
  done?: string;
  retryMs?: number;
  interactive?: boolean;
  background?: boolean;
  excludeFromRunAll?: boolean;
  ignore?: boolean;
  tags?: string[];
}

const DEFAULT_TIMEOUT_MINUTES = 10;

/** After so long a block is ended where it says nothing else. */
export const DEFAULT_TIMEOUT_MS = DEFAULT_TIMEOUT_MINUTES * 60_000;

type Reading = { ok: Attributes } | { want: string };
type Read = (value: string) => Reading;

/** One attribute of a block. The table of docs/language.md is made of `means` and `usual`. */
interface Attribute {
  means: string;
  /** What holds where it is not written, in Markdown. */
  usual: string;
  /** What a value says, or what to write instead of it. */
  read: Read;
}

const flag =
  (key: keyof Attributes): Read =>
  (value) =>
    value === 'true' || value === 'false' ? { ok: { [key]: value === 'true' } } : { want: 'true or false' };

/** What timers and PostgreSQL's statement_timeout can hold. */
const LONGEST_MS = 24 * 24 * 3_600_000;

const duration =
  (key: 'timeoutMs' | 'retryMs'): Read =>
  (value) => {
    const ms = parseDuration(value);
    return ms && ms <= LONGEST_MS
      ? { ok: { [key]: ms } }
      : { want: 'a duration such as 30s, 2m or 1h, of at most 24 days' };
  };

const word =
  (key: 'name' | 'on' | 'done', pattern: RegExp, want: string): Read =>
  (value) =>
    pattern.test(value) ? { ok: { [key]: value } } : { want };

/** Every attribute there is. Names and meanings are Runme's where Runme has one. */
export const ATTRIBUTES: Record<string, Attribute> = {
  name: {
    means: 'what the block is called: lower-case letters, digits, hyphens',
    usual: 'the section’s, numbered',
    read: word('name', /^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  },
  on: {
    means:
      '`local`, a shell beside the runbook; the name of a host, one in the project directory there; or a service, inside whose container it runs',
    usual: '`local`; for `sql` the database’s service',
    read: word('on', /^[a-z0-9][\w.-]*$/i, '`local`, the name of a host or that of a service'),
  },
  cwd: { means: 'the directory to run in', usual: '', read: (value) => ({ ok: { cwd: value } }) },
  effect: {
    means: '`reads`, `writes` or `destroys`. An `sql` block that reads runs in a read-only transaction',
    usual: 'of `sql`, what its statements say; of a shell, `writes`',
    read: (value) =>
      value === 'reads' || value === 'writes' || value === 'destroys'
        ? { ok: { effect: value } }
        : { want: 'reads, writes or destroys' },
  },
  done: {
    means:
      'the name of a block that reads, and passes where this one is done: what failed or was cut off is not run again before that is asked',
    usual: 'the person is asked',
    read: word('done', /^[a-z0-9][a-z0-9-]*$/, 'the name of a block'),
  },
  timeout: {
    means:
      'after `30s`, `2m`, `1h` it is ended, inside its container too, and has failed; of `sql`, all statements together',
    usual: `\`${DEFAULT_TIMEOUT_MINUTES}m\``,
    read: duration('timeoutMs'),
  },
  retry: {
    means: 'it runs again until its expectations hold, for so long',
    usual: 'never',
    read: duration('retryMs'),
  },
  interactive: {
    means: 'it needs a person at a terminal',
    usual: '`false`',
    read: flag('interactive'),
  },
  background: {
    means: 'it goes on beside the blocks after it',
    usual: '`false`',
    read: flag('background'),
  },
  excludeFromRunAll: {
    means: 'it runs only when named',
    usual: '`false`',
    read: flag('excludeFromRunAll'),
  },
  ignore: { means: 'it does not run', usual: '`false`', read: flag('ignore') },
  tag: {
    means: 'words, for other tools',
    usual: '',
    read: (value) => ({ ok: { tags: value.split(',').map((tag) => tag.trim()) } }),
  },
};
