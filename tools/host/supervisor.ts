import { isUtf8 } from 'node:buffer';
import { quote } from '../text/quote.ts';

/** Where directories of blocks are, as words of a shell: the first that can be made and written to. */
export const STATES =
  '"${RUNBOOK_STATE:-${XDG_STATE_HOME:-${HOME:-/nonexistent}/.local/state}/runbook}" "${TMPDIR:-/tmp}/runbook-${UID:-$(id -u)}"';

/** So many bytes of what a block printed are copied without starting a program; the shell reads each by itself. */
const PIECE = 2048;

/**
 * What runs at the far side of a shell block. Every program is one `bash -c` that a link starts; none needs more than
 * bash 3.2 and the tools of POSIX. A block has a directory of its own, `<state>/<run>/<name>.<attempt>`, mode 0700:
 *
 *     pid      process id of its supervisor, its start time (or -), the second of the epoch in which it began, and the
 *              machine's boot (or -)
 *     group    the process group of the block's shell
 *     follower the process that copies to the link that began it
 *     out err  what the block printed
 *     exports  the environment before and after, as NAME=value with NUL bytes
 *     names    of what is exported, while that is written; and before it, where docker is
 *     end      its exit status, once it has ended, and what it left running: a tab, a process id and its words for each
 *     bin      a `docker` that marks what the block begins inside containers, where there is a docker to mark for
 *     taken    of a directory that was made so that its block does not begin any more
 *     wake     a fifo that ends the follower's nap
 *     held     a fifo that the block's processes hold open, so that the last of them can be told
 *
 * The link that begins a block becomes its supervisor: it outlives the link, since the block writes to files, and a
 * child of the supervisor copies these to the link for as long as there is one. So the block is never orphaned: in
 * the official image the postmaster is process 1, takes an orphan that a signal ended for a crashed backend, and
 * restarts its server.
 *
 * Descriptors have numbers that nothing else takes: bash gives out its own from 10, people theirs from 3, 99 or 200;
 * and they are below 256, of which macOS allows no more. Without `{name}>`, which bash 3.2 does not know.
 *
 *     179 180 the fifo that is held: to be held, and to see its end
 *     181 the link's input   182 what wakes the copying   183 184 the link's two outputs
 *     185 186 err and out, to copy from   187 exports, to append to
 *
 * A fork costs as much as a hundred lines of bash, and every block pays for each: so functions answer in `__r` rather
 * than on their output, and what a builtin can do is done by it.
 */
export const FUNCTIONS = [
  // Field 22 of a process's stat: a process id alone may be another process's by now. The name before may hold blanks.
  '__started() { local s; __r=-; { read -r s <"/proc/$1/stat"; } 2>/dev/null || return 0; s=${s##*) }; set -- $s; __r=${20}; }',
  '__boot() { local b; __r=-; { read -r b </proc/sys/kernel/random/boot_id; } 2>/dev/null || return 0; __started 1; __r=$b.$__r; }',
  // What `umask` itself says can be had by a fork only.
  '__mask() { local k v; __r=; { while read -r k v && [ -z "$__r" ]; do [ "$k" != Umask: ] || __r=$v; done <"/proc/$$/status"; } 2>/dev/null; __r=${__r:-$(umask)}; }',
  // Of STATES, the second is for whoever has no home that can be written, as in many containers.
  `__find() { local d; __r=; for d in ${STATES}; do if [ -d "$d/$1" ] && [ -O "$d/$1" ]; then __r=$d/$1; return 0; fi; done; }`,
  // Again where a block that is being removed has taken the run's directory with it. Where another made that directory
  // at the same moment, nothing says who made the block's: whoever did takes it away, and tries again.
  `__make() { local d i p; __r=; for d in ${STATES}; do for i in 1 2 3; do if [ -d "$d" ] && [ -O "$d" ]; then p=; [ -d "$d/\${1%/*}" ] || p=yes; { mkdir \${p:+"$d/\${1%/*}"} "$d/$1" "$d/$1/bin" || { [ "$p" ] && rmdir "$d/$1/bin" "$d/$1" && false; }; } 2>/dev/null && { __r=$d/$1; return 0; }; [ ! -e "$d/$1" ] || return 0; fi; { mkdir -p "$d" && [ -O "$d" ] && chmod 700 "$d"; } 2>/dev/null || break; done; done; }`,
  '__take() { __make "$1"; [ -n "$__r" ] && : >"$__r/taken"; }',
  // With `exec` behind it, it is the last that the shell does.
  '__remove() { rm -rf "$1"; ${2-} rmdir "${1%/*}" 2>/dev/null; }',
  '__alive() { local p s x; { read -r p s x <"$1/pid"; } 2>/dev/null && kill -0 "$p" 2>/dev/null && { [ "$s" = - ] || { __started "$p"; [ "$__r" = "$s" ]; }; }; }',
  // Whole or not at all: without its line's end, it is being written.
  '__ended() { { read -r __code <"$__dir/end"; } 2>/dev/null; }',
  // After another boot its number is somebody else's.
  '__group() { local g p s x b; { read -r g <"$1/group" && read -r p s x b <"$1/pid"; } 2>/dev/null && kill -0 -- "-$g" 2>/dev/null && __boot && [ "${b:-$__r}" = "$__r" ]; }',
  // The shell itself copies what is short: to start a `cat` would cost more than most blocks. What ends before the next
  // NUL has been read to its end for now.
  `__piece() { local LC_ALL=C x; IFS= read -r -d "" -n ${PIECE} -u "$1" x || { printf "%s" "$x"; return; }; if [ "\${#x}" -lt ${PIECE} ]; then printf "%s\\0" "$x"; else printf "%s" "$x"; fi && cat <&"$1"; }`,
  '__copy() { __piece 186 >&183 && __piece 185 >&184; }',
  '__exports() { if [ "${BASH_VERSINFO[0]}" -ge 5 ]; then local LC_ALL=C a; mapfile -d "" a <"$__dir/exports"; [ "${#a[@]}" -eq 0 ] || printf "%s\\0" "${a[@]}"; else cat "$__dir/exports"; fi; }',
  '__trailer() { printf "%s%s\\n" "$__nonce" "$1" >&183; [ ! -e "$__dir/exports" ] || __exports >&183; printf "%s" "$__nonce" >&183; printf "%s" "$__nonce" >&184; }',
  // Of tens of milliseconds at first, so that a short block costs little; bash 3.2 counts in whole seconds.
  `__nap() { if [ "\${BASH_VERSINFO[0]}" -lt 4 ]; then __r=1; elif [ "$1" -lt 20 ]; then __r=0.02; elif [ "$1" -lt 60 ]; then __r=0.05; else __r=0.2; fi; }`,
  '__forget() { local a; IFS= read -r -t 300 -u 181 a && [ "$a" = forget ] && __remove "$__dir" exec; }',
].join('; ');

/**
 * What a block begins beyond its own processes can be told by these: the environment of every process of it, inside of
 * containers too, and the name of every session of the server that a program of libpq or a driver of Node's opens.
 */
export const MARK = 'RUNBOOK_BLOCK';
/** Where it is set, it is the PGOPTIONS of what a block begins inside containers. */
export const SESSION_OPTIONS = 'RUNBOOK_PGOPTIONS';
export const sessionNameOf = (unit: string): string => `runbook ${unit}`.slice(0, 63);

/** Compose hands no environment into containers; the real docker's path is put into the first line. */
const DOCKER = [
  `marks="-e ${MARK}=$${MARK} -e"; name=PGAPPNAME=$PGAPPNAME`,
  `case "$1 $2" in "compose exec") shift 2; exec "$docker" compose exec \${${SESSION_OPTIONS}:+-e "PGOPTIONS=$${SESSION_OPTIONS}"} $marks "$name" "$@" ;; "exec "*) shift; exec "$docker" exec \${${SESSION_OPTIONS}:+-e "PGOPTIONS=$${SESSION_OPTIONS}"} $marks "$name" "$@" ;; esac`,
  'exec "$docker" "$@"',
].join('; ');

/** Where programs may not be executed below the state's directory, the real docker is called as it is. */
const MARK_CONTAINERS = [
  'command -v docker >"$__dir/names"; IFS= read -r __docker <"$__dir/names"',
  `case $__docker in /*) printf "#!/bin/sh\\ndocker='%s'\\n%s" "$__docker" ${quote(DOCKER)} >"$__dir/bin/docker" && chmod 700 "$__dir/bin/docker" 2>/dev/null && [ -x "$__dir/bin/docker" ] && PATH=$__dir/bin:$PATH ;; esac`,
].join('; ');

/** The exit status of a supervisor that can make no directory for its block. */
export const NO_ROOM = 125;

/** So long what a block left running may go on to print: what only writes out what it holds, as a `tee`, then ends. */
const LEFT_GRACE_S = 5;

/**
 * Sets `__left` to the processes that hold the block's output, though its shell has ended, and fails where there is none.
 * A fork of the shell, such as `( … ) &`, has the words of this very program. Without a /proc, none is seen. To look at
 * every process takes longer than a short block: it is done where the fifo that all of the block inherit is still held,
 * which bash 3.2 cannot ask without waiting.
 */
const SEE_LEFT = [
  '__words() { local w=; __words=; { while IFS= read -r -d "" w || [ -n "$w" ]; do __words="$__words${__words:+ }$w"; w=; done <"/proc/$1/cmdline"; } 2>/dev/null; __words=${__words//[[:cntrl:]]/ }; }',
  '__see_left() { local f p last= own; __left=; for f in /proc/[0-9]*/fd/[12]; do [ "$f" -ef "$__dir/out" ] || [ "$f" -ef "$__dir/err" ] || continue; p=${f#/proc/}; p=${p%%/*}; [ "$p" != "$last" ] || continue; last=$p; [ -n "$own" ] || { __words "$$"; own=$__words; }; __words "$p"; [ "$__words" != "$own" ] || __words="a part of the block itself"; __left="$__left	$p ${__words:0:200}"; done; [ -n "$__left" ]; }',
  '__held() { [ "${BASH_VERSINFO[0]}" -ge 4 ] || return 0; read -r -t 0.001 -u 180; [ "$?" -ne 1 ]; }',
  `__n=0; __left=; while [ "$__code" -le 128 ] && { __held || { __left=; false; }; } && __see_left && [ "$__n" -lt ${LEFT_GRACE_S * 20} ]; do sleep 0.05 2>/dev/null || { sleep 1; __n=$((__n + 19)); }; __n=$((__n + 1)); done`,
].join('; ');

/**
 * Begins a block and is its supervisor. Argument: the block's directory below the state's. It reads a nonce, the first
 * line of its standard input, says its process id and the machine's boot, reads the environment and the script (so
 * neither is ever in a process list, and no length limit of arguments applies), each ended by NUL, and begins only when
 * both are whole. Nothing that the block can print holds the nonce: neither the words of a process nor its variables.
 *
 * The script runs in a subshell, so that an `exit`, an `exec` or a trap of its own leaves this shell to report what
 * was exported; in a process group of its own, so that it can be ended without its supervisor; and with an empty
 * standard input, so that a command that reads it cannot swallow the rest of the block. A SIGTERM is handed to the
 * subshell, whose `$$` is this shell, so that a block can end itself; it answers that only when that has ended of it. `set -x` does not show the dump of the environment, `set -a` and IFS do not
 * change it, and where the script closed 187 it just fails.
 *
 * What the script left in the background may print for a moment longer; what then still holds the block's output is
 * named in `end`, for what it will print is lost; not of a block that a signal ended, whose rest is ended with it.
 * Exports are of the script's own shell, at its end.
 *
 * It stays on one line: `eval` counts lines from here, and the script is padded so that bash's own messages name the
 * line of the runbook.
 */
export const SUPERVISE = [
  FUNCTIONS,
  'IFS= read -r __nonce || exit 0; __unit=$1',
  // Where sshd forces a command, this whole program stands in it, and is none of the block's environment.
  'unset SSH_ORIGINAL_COMMAND',
  'printf "%s" "$__nonce" >&2',
  '__boot; printf "%s %s %s new\\n" "$__nonce" "$$" "$__r"',
  'IFS= read -r -d "" __env && IFS= read -r -d "" __script || exit 0',
  '__mask; __umask=$__r; umask 077',
  '__make "$__unit"; __dir=$__r',
  // Who has taken it did so that this block does not begin.
  `[ -n "$__dir" ] || { __find "$__unit"; [ -z "$__r" ] || { __remove "$__r"; exit ${NO_ROOM}; }; }`,
  `[ -n "$__dir" ] || { printf '%sno directory can be made for it, neither of %s\\n' "$__nonce" "$(printf '%s ' ${STATES})" >&2; exit ${NO_ROOM}; }`,
  'exec 181<&0 </dev/null 183>&1 184>&2',
  `{ : >"$__dir/out" && : >"$__dir/err" && exec 187>>"$__dir/exports" 186<"$__dir/out" 185<"$__dir/err" && mkfifo "$__dir/wake" "$__dir/held" && exec 182<>"$__dir/wake" 179<>"$__dir/held" 180<"$__dir/held" && __started "$$" && __start=$__r && { printf -v __n '%(%s)T' -1 2>/dev/null || __n=$(date +%s); } && __boot && printf '%s %s %s %s\\n' "$$" "$__start" "$__n" "$__r" >"$__dir/pid"; } || { printf "%sits files cannot be written" "$__nonce" >&184; exit ${NO_ROOM}; }`,
  'exec >/dev/null 2>&1',
  'trap : HUP INT; __pid=; trap "[ -z \\"\\$__pid\\" ] || kill -TERM \\"\\$__pid\\" 2>/dev/null" TERM',
  // The block's own traps, options and functions change nothing of it, nor do its variables: the directory is an argument.
  // Arrays are no environment. What later blocks are given has no directory in it that is gone by then.
  '__dump() { trap - DEBUG RETURN ERR; set +xvua; local __at=$1 __name __value __arrays=" "; builtin printf "\\0" >&187; builtin compgen -A arrayvar >|"$__at/names"; while IFS= builtin read -r __name; do __arrays="$__arrays$__name "; done <"$__at/names"; builtin compgen -e >|"$__at/names"; while IFS= builtin read -r __name; do case $__arrays in *" $__name "*) continue ;; esac; [ -n "${!__name+x}" ] || continue; __value=${!__name}; [ "$__name" != PATH ] || { __value=${__value//"$__at/bin:"/}; __value=${__value//":$__at/bin"/}; }; builtin printf "%s=%s\\0" "$__name" "$__value" || __at=; done <"$__at/names" >&187; [ -n "$__at" ]; }',
  `export ${MARK}="$__unit" PGAPPNAME; PGAPPNAME="runbook $__unit"; PGAPPNAME=\${PGAPPNAME:0:63}`,
  'printf -v __quoted %q "$__dir"',
  'set -m',
  `( set +m; set --; unset __nonce __pid; exec >>"$__dir/out" 2>>"$__dir/err" 180<&- 181<&- 182<&- 183>&- 184>&- 185<&- 186<&-; unset -f __started __boot __mask __find __make __take __remove __alive __ended __group __piece __copy __exports __trailer __nap __forget; eval "$__env"; unset __env; ${MARK_CONTAINERS}; umask "$__umask"; __dump "$__dir"; __dumped=; trap "[ \\"\\$__dumped\\" ] || { __dump $__quoted; } 2>/dev/null || :" EXIT; trap "wait; exit 143" TERM; set -euo pipefail; eval "eval \\"\\$__script\\"; if { __dump $__quoted; } 2>/dev/null; then __dumped=yes; elif { : >&187; } 2>/dev/null; then builtin printf 'runbook: what it exported cannot be written\\n' >&2; exit 1; fi" ) & __pid=$!`,
  'set +m',
  'printf "%s\\n" "$__pid" >"$__dir/group"',
  'exec 179>&- 187>&-',
  '( trap - TERM HUP INT; __n=0; until __ended; do kill -0 "$$" 2>/dev/null && __copy || exit; __nap "$__n"; __x=; read -r -t "$__r" -u 182 __x; [ -z "$__x" ] || { __code=$__x; break; }; __n=$((__n + 1)); done; __copy && __trailer "$__code" ) & __follower=$!',
  'printf "%s\\n" "$__follower" >"$__dir/follower"',
  // A signal to this shell ends `wait` early; the status of what has been waited for is asked again, or is known.
  'while :; do wait "$__pid"; __code=$?; [ "$__code" -gt 128 ] || break; kill -0 "$__pid" 2>/dev/null || { wait "$__pid"; __x=$?; [ "$__x" -eq 127 ] || __code=$__x; break; }; done',
  // The number may be another process's from now on.
  'trap : TERM',
  SEE_LEFT,
  // The link is told, too, for a full disk takes no end: what was exported may then be cut off, and so has failed.
  'if printf "%s%s\\n" "$__code" "$__left" >"$__dir/end"; then printf "\\n" >&182; else [ "$__code" -ne 0 ] || __code=1; printf "runbook: nothing can be written to %s any more\\n" "$__dir" >&184; printf "%s\\n" "$__code" >&182; fi',
  'while :; do wait "$__follower"; kill -0 "$__follower" 2>/dev/null || break; done',
  '__forget',
  'exit 0',
].join('; ');

/**
 * Goes on with what a block prints. Arguments: the block's directory below the state's, and how many bytes of each
 * output are known; the nonce is read as above. Says whether there is such a block (`absent` also sees that it will never
 * be), and in the end its exit status; or `gone` where it has none and no process any more, `orphan` where its supervisor
 * alone has gone.
 */
export const FOLLOW = [
  FUNCTIONS,
  'IFS= read -r __nonce || exit 0; __find "$1"; __dir=$__r',
  'exec 181<&0 </dev/null 183>&1 184>&2',
  'printf "%s" "$__nonce" >&2',
  // What may still be on its way there finds the directory taken, and does not begin.
  '[ -n "$__dir" ] || __take "$1" || { __find "$1"; __dir=$__r; }',
  '{ [ -n "$__dir" ] && [ ! -e "$__dir/taken" ]; } || { __boot; printf "%s %s %s absent\\n" "$__nonce" "$$" "$__r"; exit 0; }',
  '__boot; printf "%s %s %s found\\n" "$__nonce" "$$" "$__r"',
  'exec 186<"$__dir/out" 185<"$__dir/err" 2>/dev/null || { __trailer gone; exit 0; }',
  '{ read -r __x <"$__dir/follower"; } 2>/dev/null && __alive "$__dir" && kill "$__x" 2>/dev/null',
  'tail -c "+$(($2 + 1))" <&186 && tail -c "+$(($3 + 1))" <&185 >&184 || exit 0',
  '__code=; while [ -z "$__code" ]; do if ! __ended; then __code=; __alive "$__dir" || __ended || { __code=gone; ! __group "$__dir" || __code=orphan; }; fi; __copy || exit 0; [ -n "$__code" ] || sleep 0.1 2>/dev/null || sleep 1; done',
  '__trailer "$__code"',
  '__forget',
  'exit 0',
].join('; ');

/** After a polite end, before one for good: seconds. */
const GRACE_S = 5;

/**
 * Ends a block: politely, then for good. Argument: its directory below the state's. The exit status is 0 once nothing
 * of its process group is left; what has not begun yet does not begin any more. For good, the youngest of the group end first, so that each has a parent that knows of
 * it; see above for what an orphan would do.
 */
export const END = [
  FUNCTIONS,
  '__find "$1"; __dir=$__r',
  // A script that is still on its way finds the directory taken.
  '[ -n "$__dir" ] || { __take "$1" && exit 0; __find "$1"; __dir=$__r; }',
  '[ ! -e "$__dir/taken" ] || exit 0',
  `__n=0; until { read -r __g <"$__dir/group"; } 2>/dev/null; do [ ! -s "$__dir/pid" ] || __alive "$__dir" || exit 0; [ "$__n" -lt ${GRACE_S * 10} ] || exit 1; sleep 0.1 2>/dev/null || { sleep 1; __n=$((__n + 9)); }; __n=$((__n + 1)); done`,
  '__group "$__dir" || exit 0',
  `__gone() { local n=0; while [ "$n" -lt ${GRACE_S * 10} ]; do kill -0 -- "-$__g" 2>/dev/null || return 0; sleep 0.1 2>/dev/null || { sleep 1; n=$((n + 9)); }; n=$((n + 1)); done; return 1; }`,
  // Those of the group that are no parent of another one of it.
  `__youngest() { local f s p pids= parents=" "; for f in /proc/[0-9]*/stat; do { read -r s <"$f"; } 2>/dev/null || continue; p=\${s%% *}; s=\${s##*) }; set -- $s; [ "\${3:-}" = "$__g" ] && [ "$1" != Z ] || continue; pids="$pids $p"; parents="$parents$2 "; done; for p in $pids; do case $parents in *" $p "*) ;; *) printf "%s " "$p" ;; esac; done; }`,
  'kill -TERM -- "-$__g" 2>/dev/null',
  '__gone && exit 0',
  'for __i in 1 2 3 4 5 6 7 8 9; do __y=$(__youngest); [ -n "$__y" ] || break; kill -KILL $__y 2>/dev/null; sleep 0.1 2>/dev/null || sleep 1; done',
  'kill -KILL -- "-$__g" 2>/dev/null',
  '__gone',
].join('; ');

/** The standard input of SUPERVISE: both parts end with NUL. `line` is the script's first line in the runbook. */
export function supervisorInput(
  environment: Record<string, string>,
  cwd: string | null,
  script: string,
  line: number,
): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)};`);
  const enter = cwd === null ? '' : `cd -- ${quote(cwd)} || exit 1;`;
  return `${exports.join('')}${enter}\0${'\n'.repeat(line - 1)}${script}\0`;
}

/** Of each shell's own making: never an export of a block. The last of them no shell lets anybody set. */
const OWN = new Set([
  ...['_', 'SHLVL', 'PWD', 'OLDPWD', 'COLUMNS', 'LINES'],
  ...['BASHOPTS', 'SHELLOPTS', 'UID', 'EUID', 'PPID'],
]);

/** What a block exported or changed, and the names of what no text can be made of: it is no UTF-8. */
export interface Exported {
  exports: Record<string, string>;
  unreadable: string[];
}

/** Of the last dump of the trailer against the first. */
export function exportsOf(trailer: Buffer): Exported {
  // A byte a unit, so that no byte is lost before it is known what is text.
  // Without its last NUL, a pair was cut off.
  const dumps = trailer
    .toString('latin1', 0, trailer.lastIndexOf(0) + 1)
    .split(/^\0|\0\0/)
    .filter((dump) => dump !== '')
    .map(variables);
  const [before, after] = [dumps[0] ?? new Map<string, string>(), dumps.at(-1) ?? new Map<string, string>()];
  const changed = [...after]
    .filter(([name, value]) => !OWN.has(name) && before.get(name) !== value)
    .map(([name, value]) => ({ name, bytes: Buffer.from(value, 'latin1') }));
  return {
    exports: Object.fromEntries(
      changed.filter(({ bytes }) => isUtf8(bytes)).map(({ name, bytes }) => [name, bytes.toString('utf8')]),
    ),
    unreadable: changed.filter(({ bytes }) => !isUtf8(bytes)).map(({ name }) => name),
  };
}

const variables = (dump: string) =>
  new Map(
    dump
      .split('\0')
      // Whatever else stands there, a name is what a later block is given in its code.
      .filter((pair) => /^[A-Za-z_]\w*=/.test(pair))
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
