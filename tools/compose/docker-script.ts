import { join } from 'node:path';
import { execa } from 'execa';
import { findProgram } from './find-program.ts';
import type { Layout } from './layout.ts';
import { quoteWord } from './words.ts';

/** The JavaScript of a replica's `docker` command. */
export const dockerProgram = ({ directory }: Layout) => join(directory, 'docker.mjs');

/** In a shell script: becomes that program, whose words are to follow. */
const becomeNode = (layout: Layout) =>
  `RUNBOOK_REPLICA=${quoteWord(layout.directory)} exec ${quoteWord(process.execPath)} ${quoteWord(dockerProgram(layout))}`;

/** The `docker` command of a replica. */
export const dockerScript = async (layout: Layout) =>
  `${enterFirst(layout, await startAfresh())}${callFirst(layout)}${becomeNode(layout)} "$@"\n`;

/**
 * The words that start a program as Node starts one: in a directory, without a variable of the caller, with no signal
 * ignored, and in a session of its own. Null where this machine has no programs for that.
 */
async function startAfresh(): Promise<string | null> {
  const [env, setsid] = ['env', 'setsid'].map((name) => findProgram(name, process.env.PATH));
  if (process.platform !== 'linux' || !env || !setsid) return null;
  const words = ['-i', '--default-signal', '-C', '/', setsid, '/bin/sh', '-c', ':'];
  if ((await execa(env, words, { reject: false })).failed) return null;
  return `${quoteWord(env)} -i --default-signal -C "$__directory" ${quoteWord(setsid)} /bin/sh`;
}

/** In a shell script: whether the caller's environment names no other project than the replica's own. */
const isOwn = (id: string) => `[ "\${COMPOSE_PROJECT_NAME-${id}}" = ${id} ]`;

/**
 * `docker compose exec -T SERVICE WORD …` is what runbooks say most, and Node takes longer to start than what they run.
 * So this does what docker/exec.ts would do, for this form only and a service that runs (entry.ts): all that is not as
 * usual, also all that is to be refused, is Node's. Variables are taken that a shell does nothing else with. Nothing of
 * it needs more than a POSIX shell, and what it sets is named as nobody's variables are.
 *
 * In the background it is because a shell that waits for its foreground holds signals back that end it; and there it would
 * be given no input but for a copy of the descriptor. Node hands none of the descriptors on that are below 16, and of
 * those a shell can only close the first ten, itself having this script open at another. What a shell says of a command
 * that a signal has ended, Docker does not.
 */
const enterFirst = ({ id, project, entries }: Layout, afresh: string | null) =>
  afresh === null
    ? ''
    : `__may_enter() {
  shift 2
  __terminal=; __found=
  while :; do
    case \${1-} in
      -T) __terminal=none ;;
      -e)
        case \${2-} in PG*=* | RUNBOOK_*=*) ;; *) return 1 ;; esac
        case \${2%%=*} in *[!ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_]*) return 1 ;; esac
        shift ;;
      *) break ;;
    esac
    shift
  done
  [ "$__terminal" ] && [ $# -ge 2 ] || return
  case $1 in -* | */*) return 1 ;; esac
  case $2 in */*) return 1 ;; esac
  __service=$1
  { IFS= read -r __engine && IFS= read -r __directory && IFS= read -r __path; } 2>/dev/null \\
    <${quoteWord(`${entries}/running/`)}"$__service/facts" || return
  [ -d "$__directory" ] && [ -x "$__directory" ] && kill -0 "$__engine" 2>/dev/null || return
  while [ "$__path" ] && ! [ "$__found" ]; do
    case \${__path%%:*} in /*) ! [ -f "\${__path%%:*}/$2" ] || ! [ -x "\${__path%%:*}/$2" ] || __found=yes ;; esac
    case $__path in *:*) __path=\${__path#*:} ;; *) __path= ;; esac
  done
  [ "$__found" ] && { true 3<&0 4>&1; } 2>/dev/null && true 3>&2 2>/dev/null || return
  for __n in 10 11 12 13 14 15 16; do
    [ ! -e "/proc/$$/fd/$__n" ] || [ "/proc/$$/fd/$__n" -ef "$0" ] || return
  done
  cd -P . 2>/dev/null || return
  case $PWD/ in ${quoteWord(`${project}/`)}*) ;; *) return 1 ;; esac
}
if [ "\${1-} \${2-}" = 'compose exec' ] && ${isOwn(id)} && __may_enter "$@"; then
  shift 2
  exec 3<&0
  ${afresh} ${quoteWord(`${entries}/enter/`)}"$__service" "$@" <&3 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&- &
  exec 2>/dev/null
  wait "$!"
  exit
fi
`;

/** Where the port stands on which an engine takes calls, and the secret of it; the engine writes it when it does. */
export const callsOf = ({ entries }: Layout) => join(entries, 'calls');

/**
 * In the usual project, bash hands what it is called with over to the engine (calls.ts). What is exported for other shells
 * does nothing to this one, which is privileged; nor do login files, which a bash reads whose input is a socket. Where the
 * engine cannot be reached, Node says what that means.
 */
function callFirst(layout: Layout): string {
  const [bash, cat] = ['bash', 'cat'].map((name) => findProgram(name, process.env.PATH));
  if (!bash || !cat) return '';
  return `if [ "\${1-}" = compose ] && ${isOwn(layout.id)}; then
  case \${2-} in
    exec | run | wait) ;;
    *) LC_ALL=C exec ${quoteWord(bash)} --norc -p -c ${quoteWord(callScript(layout, cat))} docker "$@" ;;
  esac
fi
`;
}

const callScript = (layout: Layout, cat: string) => `node() { ${becomeNode(layout)} "$@"; }
{ IFS=" " read -r port secret <${quoteWord(callsOf(layout))} && exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || node "$@"
printf '%s\\0' "$secret" "$#" "$PWD" "$@" >&3 || node "$@"
while IFS= read -r line <&3; do
  case $line in
    "2 "*) printf '%s\\n' "\${line#2 }" >&2 ;;
    "0 "*) exit "\${line#0 }" ;;
    "1 "*) ${quoteWord(cat)} <&3; exit "\${line#1 }" ;;
    node) node "$@" ;;
  esac
done
echo 'the replica has gone away: rehearse again for a new one' >&2
exit 1
`;

/** What a command is given that enters a container, and the directory in which it writes itself down. */
export interface EnterRecipe {
  environment: Record<string, string>;
  processes: string;
  /** How many files it may open. */
  openFiles: string;
  layout: Layout;
}

/** The words before field 22 of its stat, which is when a process started: the name, a shell's, has no blank. */
const BEFORE_START = Array(20).fill('x').join(' ');

/**
 * What then becomes the command: its words are those behind `compose exec`. Where it cannot write itself down, the
 * service has stopped meanwhile, and what is to be said of that is Node's.
 */
export const enterScript = ({ environment, processes, openFiles, layout }: EnterRecipe) =>
  `read -r pid ${BEFORE_START} started x </proc/self/stat
{ true >${quoteWord(`${processes}/`)}"$pid.$started"; } 2>/dev/null ||
  ${becomeNode(layout)} compose --project-directory ${quoteWord(layout.project)} exec "$@"
ulimit -S -n ${openFiles}
${Object.entries(environment)
  .map(([name, value]) => `export ${name}=${quoteWord(value)}\n`)
  .join('')}while :; do
  case $1 in
    -T) shift ;;
    -e) export "$2"; shift 2 ;;
    *) break ;;
  esac
done
shift
exec "$@"
`;
