/** What a machine said of itself before a run. */
export interface Preflight {
  /** What its login files print before anything that is asked. */
  noise: string;
  /** Programs that are not on its PATH, and the directory that has each of them all the same, or null. */
  missing: { program: string; directory: string | null }[];
  /** Why its temporary directory cannot be written to; null where it can. */
  temporary: string | null;
  /** Seconds since 1970, by its clock. */
  clock: number;
}

/** Where programs of vendors and ports are that a login shell’s PATH may leave out. */
const ELSEWHERE = [
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/opt/bin',
  '/opt/homebrew/bin',
  '/snap/bin',
  '/share/*/.qpkg/container-station/bin',
  '/var/packages/*/target/usr/bin',
];

const MARK = 'runbook-preflight';

/** For bash from 3.2 on. Each line of the answer begins with what it is about. */
const SCRIPT = [
  'printf "\\n%s\\n" "$0"',
  'for p; do command -v -- "$p" >/dev/null 2>&1 && continue',
  `d=; for e in ${ELSEWHERE.join(' ')}; do [ -x "$e/$p" ] && d=$e && break; done`,
  'printf "missing %s %s\\n" "$p" "$d"; done',
  't=$( (f=$(mktemp "${TMPDIR:-/tmp}/runbook.XXXXXXXX") && echo x >"$f" && rm -f "$f") 2>&1) || printf "temporary %s\\n" "${t:-${TMPDIR:-/tmp}}"',
  'printf "clock %s\\n" "$(date +%s)"',
].join('; ');

/** The words that ask a machine what is to be known of it before a run: whether it has these programs, and the rest. */
export const preflightQuestion = (programs: readonly string[]): string[] => [
  ...['bash', '--norc', '-c', SCRIPT, MARK],
  ...programs,
];

/** The answer to that; null where it is none, or not the whole of it. */
export function readPreflight(stdout: string): Preflight | null {
  const at = stdout.indexOf(`\n${MARK}\n`);
  if (at < 0) return null;
  const lines = stdout.slice(at).split('\n');
  const about = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const [clock] = about('clock');
  if (clock === undefined) return null;
  return {
    noise: stdout.slice(0, at),
    missing: about('missing').map((line) => {
      const [program = '', ...rest] = line.split(' ');
      return { program, directory: rest.join(' ') || null };
    }),
    temporary: about('temporary')[0] ?? null,
    clock: Number(clock),
  };
}
