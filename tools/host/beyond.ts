import {
  type ConnectDatabase,
  closeClient,
  connectClient,
  type DatabaseLogin,
  MAINTENANCE,
} from './database.ts';
import { GRACE_MS } from './ending.ts';
import type { Host } from './host.ts';
import { newMark, saidBehind } from './noise.ts';
import { printedBy } from './printed.ts';
import { MARK, sessionNameOf } from './supervisor.ts';
import { within } from './within.ts';

/** What cannot be seen to have ended of a block, in words; null where nothing is left. */
export type LeftBeyond = string | null;

/**
 * Ends what a block that was ended has begun beyond its own processes: programs inside of containers, which a client
 * that is killed leaves running, and sessions of the server, which finish their statement for nobody.
 */
export async function endBeyond(
  host: Host,
  login: DatabaseLogin | undefined,
  unit: string,
): Promise<LeftBeyond> {
  const inContainers = await endInContainers(host, unit);
  const connect = () => host.inside(login?.service ?? '').database();
  const inServer = login ? await endSessions(connect, login, unit) : null;
  const left = [inContainers, inServer].filter((words) => words !== null);
  return left.length > 0 ? left.join(', and ') : null;
}

/**
 * Inside of a container: asks what carries the mark to end, and ends it for good after a grace. A shell that leaves NUL
 * bytes out of what it reads looks through an environment by itself, without a program for each process; only where the
 * mark's text stands in one is that taken apart.
 */
const IN_CONTAINER = [
  `holds() { e=; while IFS= read -r e || [ -n "$e" ]; do case $e in *"$2"*) return 0 ;; esac; e=; done <"$1"; return 1; }`,
  `[ "$(printf 'a\\0b\\n' | { read -r e; printf %s "$e"; })" = ab ] || holds() { :; }`,
  `marked() { for f in /proc/[0-9]*/environ; do p=\${f#/proc/}; p=\${p%/environ}; [ "$p" != $$ ] && holds "$f" "$1" 2>/dev/null && tr '\\0' '\\n' <"$f" 2>/dev/null | grep -qxF "$1" && echo "$p"; done; }`,
  'for s in TERM KILL; do p=$(marked "$1"); [ -n "$p" ] || exit 0; kill -$s $p 2>/dev/null',
  'n=0; while [ $n -lt 30 ] && [ -n "$(marked "$1")" ]; do sleep 0.1 2>/dev/null || sleep 1; n=$((n+1)); done; done',
  '[ -z "$(marked "$1")" ]',
].join('; ');

/** In each service that runs; behind a line with a mark, its last argument, it says which could not be searched. */
const IN_EVERY_CONTAINER = [
  `printf '%s\\n' "$3"`,
  'command -v docker >/dev/null || exit 0',
  'for s in $(docker compose ps --services --filter status=running 2>/dev/null); do docker compose exec -T "$s" sh -c "$1" sh "$2" </dev/null >/dev/null 2>&1 || printf "%s " "$s"; done',
].join('; ');

async function endInContainers(host: Host, unit: string): Promise<LeftBeyond> {
  const mark = newMark();
  const argv = ['bash', '--norc', '-c', IN_EVERY_CONTAINER, 'end', IN_CONTAINER, `${MARK}=${unit}`, mark];
  const asking = within(host.name, (signal) => printedBy(host.start, argv, signal), 12 * GRACE_MS);
  const ended = await asking.catch(() => null);
  const said = ended?.exitCode === 0 ? saidBehind(mark, ended.stdout) : null;
  if (said === null) return `what it began inside of containers on ${host.name} may still be running`;
  const services = said.trim().split(/\s+/).filter(Boolean).join(', ');
  return services === '' ? null : `what it began inside of ${services} may still be running`;
}

/** Sessions whose programs are gone do not hear of it before their statement is done. */
async function endSessions(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  unit: string,
): Promise<LeftBeyond> {
  const name = sessionNameOf(unit);
  try {
    const client = await connectClient(
      connect,
      { ...login, name: MAINTENANCE },
      { signal: AbortSignal.timeout(6 * GRACE_MS) },
    );
    try {
      const { rows } = await client.query<{ ended: string }>(
        `SELECT pg_terminate_backend(pid, ${GRACE_MS}) AS ended FROM pg_stat_activity
         WHERE application_name = $1 AND pid <> pg_backend_pid()`,
        [name],
      );
      if (rows.every(({ ended }) => ended === 't')) return null;
    } finally {
      await closeClient(client);
    }
  } catch {
    // That it cannot be asked says that it may go on.
  }
  return `sessions of PostgreSQL named “${name}” may still be at work`;
}
