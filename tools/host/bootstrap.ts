import { quote } from '../text/quote.ts';

/**
 * What runs at the far side, in one `bash -c`. It says its process id, reads the environment and the script from its
 * standard input (so neither is ever in a process list, and no length limit of arguments applies), and only then
 * gives the script an empty standard input: a command that reads it cannot swallow the rest of the block.
 *
 * What the environment is before and after the script is kept in a file that has no name any more when the first byte
 * is written, so that no end of this shell leaves it behind. The script's shell has only the descriptor that adds to
 * it. Both have numbers that nothing else takes: bash gives out its own from 10, people theirs from 3, 99 or 200; and
 * they are below 256, of which macOS allows no more. Without `{name}>`, which bash 3.2 does not know.
 *
 * The script runs in a subshell, so that an `exit`, an `exec` or a trap of its own leaves this shell to report what
 * was exported. Both answer SIGTERM only when what they wait for has ended of it: a child that outlived them would fall
 * to the container's process 1, and a postmaster that inherits a killed child restarts its server.
 *
 * It stays on one line: `eval` counts lines from here, and the script is padded so that bash's own
 * messages name the line of the runbook.
 */
export const BOOTSTRAP = [
  'printf "%s %s\\n" "$1" "$$"',
  'IFS= read -r -d "" __env',
  'IFS= read -r -d "" __script',
  'exec </dev/null',
  '__file=$(mktemp "${TMPDIR:-/tmp}/runbook.XXXXXXXX") || exit 125',
  'exec 187>>"$__file" 188<"$__file" || exit 125',
  'rm -f "$__file"',
  '__nonce=$1',
  'trap : TERM',
  // `set -x` does not show it, `set -a` and IFS do not change it, and where the script closed 187 it just fails.
  '__dump() { set +x; printf "\\0" >&187; compgen -e | while IFS= read -r __name; do printf "%s=%s\\0" "$__name" "${!__name}"; done >&187; }',
  '( set --; eval "$__env"; __dump; trap "{ __dump; } 2>/dev/null || :" EXIT; trap "wait; exit 143" TERM; set -euo pipefail; eval "$__script"; { __dump; } 2>/dev/null || : ) 188<&-',
  '__code=$?',
  'printf "%s\\0" "$__nonce"',
  'cat <&188',
  'exit $__code',
].join('; ');

/** The standard input of the bootstrap: both parts end with NUL. `line` is the script's first line in the runbook. */
export function bootstrapInput(
  environment: Record<string, string>,
  cwd: string | null,
  script: string,
  line: number,
): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)};`);
  const enter = cwd === null ? '' : `cd -- ${quote(cwd)} || exit 1;`;
  return `${exports.join('')}${enter}\0${'\n'.repeat(line - 1)}${script}\0`;
}

/** Of each shell's own making: never an export of a block. */
const OWN = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', 'COLUMNS', 'LINES']);

/** What the block exported or changed: the last dump of the trailer against the first. */
export function exportsOf(trailer: Buffer): Record<string, string> {
  const dumps = trailer
    .toString('utf8')
    .split(/^\0|\0\0/)
    .filter((dump) => dump !== '')
    .map(variables);
  const [before, after] = [dumps[0] ?? new Map<string, string>(), dumps.at(-1) ?? new Map<string, string>()];
  return Object.fromEntries(
    [...after].filter(([name, value]) => !OWN.has(name) && before.get(name) !== value),
  );
}

const variables = (dump: string) =>
  new Map(
    dump
      .split('\0')
      .filter((pair) => pair.includes('='))
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
