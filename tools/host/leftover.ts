import { CannotRun } from '../outcome/output.ts';
import { newMark } from './noise.ts';
import { printedBy } from './printed.ts';
import type { Start } from './start.ts';
import { FUNCTIONS, STATES } from './supervisor.ts';
import { within } from './within.ts';

/** The directory of a block that is still there, whoever began it. */
export interface LeftBlock {
  /** The id of the run that began it. */
  run: string;
  name: string;
  attempt: number;
  /** The directory's name below the state's: `<run>/<name>.<attempt>`. */
  unit: string;
  /** Its path. */
  directory: string;
  /**
   * `running`: its supervisor lives, and it has no end. `orphaned`: its supervisor has gone, and processes of it go on,
   * so that nobody will know how it ends. `ending`: it has ended, and its supervisor is about to. `ended`: its end stands
   * there. `gone`: it has neither a process nor an end. `taken`: nothing has begun in it.
   */
  state: 'running' | 'orphaned' | 'ending' | 'ended' | 'gone' | 'taken';
  /** Of its supervisor, which no polite signal ends; null of one that is taken. */
  pid: number | null;
  /** The process group of its shell: what ends that ends the block. Null where it has none yet, or none any more. */
  group: number | null;
  /** How long ago it began; null where the machine does not tell. */
  ageMs: number | null;
  /** Null where no end stands there. */
  exitStatus: number | null;
}

/**
 * Lists the directories of blocks, each in a line between two lines with the nonce, its argument. `pid` counts the time of
 * the supervisor's start as the kernel does: another process of the same id was started at another time.
 */
const LIST = [
  FUNCTIONS,
  '__hertz=$(getconf CLK_TCK 2>/dev/null) || __hertz=100',
  '__age() { local up x; case $2 in ""|*[!0-9]*) ;; *) { read -r up x </proc/uptime; } 2>/dev/null && { printf %s "$((${up%%.*} - $2 / __hertz))"; return; } ;; esac; case $3 in ""|*[!0-9]*) printf - ;; *) printf %s "$(($(date +%s) - $3))" ;; esac; }',
  '__show() { local p= s= b= boot= state=taken code=- age=- g= x name=${1%.*} run=${1%/*}; [ -d "$1" ] || return 0; { read -r p s b boot <"$1/pid"; } 2>/dev/null; if [ -n "$p" ]; then if __alive "$1"; then state=running; elif __group "$1"; then state=orphaned; else state=gone; fi; if [ -e "$1/end" ]; then [ "$state" = running ] && state=ending || state=ended; read -r code x <"$1/end"; fi; [ "$state" != running ] && [ "$state" != orphaned ] || { read -r g <"$1/group"; } 2>/dev/null; [ "$s" = - ] && [ "$state" = running ] && { __started "$p"; s=$__r; }; __boot; [ "${boot:-$__r}" = "$__r" ] || s=; age=$(__age "$p" "$s" "$b"); fi; printf "%s %s %s %s %s %s %s %s %s\\n" "${run##*/}" "${name##*/}" "${1##*.}" "$state" "${p:--}" "${g:--}" "$age" "$code" "$1"; }',
  'printf "%s\\n" "$1"',
  `for __state in ${STATES}; do for __d in "$__state"/*/*.*; do __show "$__d"; done; done`,
  'printf "%s\\n" "$1"',
].join('; ');

/**
 * Removes directories of blocks, by their names below the state's, a line each; says those that it has removed, as LIST
 * does. It leaves what runs, and what was taken less than a day ago: a script may still be on its way there.
 */
const SWEEP = [
  FUNCTIONS,
  '__over() { __alive "$1" && return 1; [ -e "$1/end" ] || ! __group "$1" || return 1; [ -s "$1/pid" ] || [ -n "$(find "$1" -prune -mtime +0 2>/dev/null)" ]; }',
  'printf "%s\\n" "$1"',
  'while IFS= read -r __unit; do __find "$__unit"; __dir=$__r; [ -n "$__dir" ] && __over "$__dir" || continue; __remove "$__dir"; [ -e "$__dir" ] || printf "%s\\n" "$__unit"; done',
  'printf "%s\\n" "$1"',
].join('; ');

const LINE =
  /^(?<run>\d{8}-\d{6}-[0-9a-f]{4}) (?<name>[\w-]+) (?<attempt>\d+) (?<state>[a-z]+) (?<pid>-|\d+) (?<group>-|\d+) (?<age>-|-?\d+) (?<code>-|\d+) (?<directory>\/.*)$/;

/** What is left of blocks where `start` starts programs. Throws CannotRun where that cannot be told. */
export async function listBlocks(start: Start): Promise<LeftBlock[]> {
  const lines = await linesOf(start, LIST, '', 'it cannot be told whether a block still runs there');
  return lines.flatMap((line) => {
    const { run, name, attempt, state, pid, group, age, code, directory } = LINE.exec(line)?.groups ?? {};
    if (run === undefined || name === undefined || directory === undefined) return [];
    return {
      ...{ run, name, attempt: Number(attempt), unit: `${run}/${name}.${attempt}`, directory },
      state: state as LeftBlock['state'],
      pid: numberOf(pid),
      group: numberOf(group),
      ageMs: age === '-' ? null : Math.max(0, Number(age)) * 1000,
      exitStatus: numberOf(code),
    };
  });
}

const numberOf = (text: string | undefined) => (text === undefined || text === '-' ? null : Number(text));

/**
 * Removes the directories of these blocks, but for those that run or may yet begin; gives those that it has removed.
 * Throws CannotRun where it cannot be done.
 */
export async function sweepBlocks(start: Start, blocks: readonly LeftBlock[]): Promise<LeftBlock[]> {
  if (blocks.length === 0) return [];
  const units = blocks.map(({ unit }) => `${unit}\n`).join('');
  const removed = new Set(await linesOf(start, SWEEP, units, 'what blocks left there cannot be removed'));
  return blocks.filter(({ unit }) => removed.has(unit));
}

/** What a program says between its two marks. */
async function linesOf(start: Start, program: string, input: string, failed: string): Promise<string[]> {
  const nonce = newMark();
  const argv = ['bash', '--norc', '-c', program, 'runbook', nonce];
  const printed = await within('the host', (signal) => printedBy(start, argv, signal, input));
  const [, listed, ended] = printed.stdout.split(`${nonce}\n`);
  if (listed === undefined || ended === undefined) throw new CannotRun(`${failed}: ${printed.stderr.trim()}`);
  return listed.split('\n').filter(Boolean);
}
