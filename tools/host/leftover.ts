import { CannotRun } from '../outcome/output.ts';
import { newMark } from './noise.ts';
import { printedBy } from './printed.ts';
import type { Start } from './start.ts';
import { STATES } from './supervisor.ts';
import { within } from './within.ts';

/** A block that still runs, whoever began it. */
export interface RunningBlock {
  /** The id of the run that began it. */
  run: string;
  name: string;
  attempt: number;
  /** Of the process that ends when the block does. */
  pid: number;
  /** How long it has run; null where the machine does not tell. */
  ageMs: number | null;
}

/**
 * Each block has a directory `<state>/<run>/<block>.<attempt>/` where it runs. Its file `pid` holds the id of its
 * process, the time of its start as the kernel counts it, or a dash, and in seconds since 1970; `end` is there once it
 * has ended. A process of the same id that was started at another time is not the block's. Everything is listed between
 * two lines with the nonce.
 */
const SCRIPT = `
list() {
  for directory in "$1"/*/*.*; do
    [ -f "$directory/pid" ] && [ ! -e "$directory/end" ] || continue
    read -r pid started begun < "$directory/pid" || [ -n "$pid" ] || continue
    kill -0 "$pid" 2>/dev/null || [ -d "/proc/$pid" ] || continue
    case $begun in ''|*[!0-9]*) age=- ;; *) age=$(($(date +%s) - begun)) ;; esac
    if [ -r "/proc/$pid/stat" ]; then
      stat=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
      set -- "$1" \${stat##*) }
      [ "\${started:--}" = - ] || [ "$started" = "\${21}" ] || continue
      read -r up rest < /proc/uptime && age=$((\${up%%.*} - \${21} / hertz))
    fi
    attempt=\${directory##*.} name=\${directory%.*} run=\${directory%/*}
    printf '%s %s %s %s %s\\n' "\${run##*/}" "\${name##*/}" "$attempt" "$pid" "$age"
  done
}
hertz=$(getconf CLK_TCK 2>/dev/null) || hertz=100
echo NONCE
for state in ${STATES}; do list "$state"; done
echo NONCE
`;

const LINE = /^(\d{8}-\d{6}-[0-9a-f]{4}) ([\w-]+) (\d+) (\d+) (-|\d+)$/;

/** The blocks that run where `start` starts programs. Throws CannotRun where that cannot be told. */
export async function listBlocks(start: Start): Promise<RunningBlock[]> {
  const nonce = newMark();
  const script = SCRIPT.replaceAll('NONCE', nonce);
  const printed = await within('the host', (signal) => printedBy(start, ['sh', '-s'], signal, script));
  const [, listed, ended] = printed.stdout.split(`${nonce}\n`);
  if (listed === undefined || ended === undefined)
    throw new CannotRun(`it cannot be told whether a block still runs there: ${printed.stderr.trim()}`);
  return listed.split('\n').flatMap((line) => {
    const [, run, name, attempt, pid, age] = LINE.exec(line) ?? [];
    if (run === undefined || name === undefined) return [];
    const ageMs = age === '-' ? null : Number(age) * 1000;
    return [{ run, name, attempt: Number(attempt), pid: Number(pid), ageMs }];
  });
}
