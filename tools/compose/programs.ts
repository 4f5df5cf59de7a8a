import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CALLED } from '../called.ts';
import { compiled } from '../compile.mjs';
import { dockerProgram, dockerScript } from './docker-script.ts';
import { findPostgresProgram, findProgram } from './find-program.ts';
import type { Layout } from './layout.ts';
import { typescriptArguments } from './node-runtime.ts';
import { quoteWord } from './words.ts';

const POSTGRES_PROGRAMS = [
  ...['psql', 'pg_dump', 'pg_dumpall', 'pg_restore', 'pg_isready', 'createdb', 'dropdb', 'createuser'],
  ...['dropuser', 'vacuumdb', 'reindexdb', 'clusterdb', 'pgbench', 'pg_basebackup'],
];

/** Writes the programs that make a replica's host and services look like a machine with Docker. */
export async function writePrograms(layout: Layout): Promise<void> {
  await Promise.all([layout.bin, layout.programs].map((path) => mkdir(path, { recursive: true })));
  const path = process.env.PATH;
  const node = quoteWord(process.execPath);
  const typescript = await typescriptArguments();
  const write = async (directory: string, name: string, script: string) => {
    await writeFile(join(directory, name), `#!/bin/sh\n${script}`);
    await chmod(join(directory, name), 0o755);
  };
  await Promise.all([
    write(layout.bin, 'docker', await dockerScript(layout)),
    // One file, good for as long as the replica is.
    copyFile(await compiled('docker'), dockerProgram(layout)),
    write(layout.programs, 'node', nodeScript(node, typescript)),
    write(layout.programs, 'redis-cli', redisScript(findProgram('redis-cli', path))),
    ...POSTGRES_PROGRAMS.map(async (name) =>
      write(layout.programs, name, postgresScript(name, await findPostgresProgram(name, path))),
    ),
  ]);
}

/** Only TypeScript pays for the loader: a health check in plain JavaScript starts at once. */
const nodeScript = (node: string, typescript: string[]) => `for argument in "$@"; do
  case $argument in
    *.ts | *.mts) exec ${[node, ...typescript.map(quoteWord)].join(' ')} "$@" ;;
    -*) ;;
    *) break ;;
  esac
done
exec ${node} "$@"
`;

/**
 * The servers have only a socket, so an address that means one within its container or the stack gives way to
 * it. RUNBOOK_HOSTS are the names of the services.
 */
const postgresScript = (name: string, program: string | null) =>
  program === null
    ? missingScript(name)
    : `${withoutHost('export PGHOST="$POSTGRES_SOCKET"')}
if known "\${PGHOST-}"; then export PGHOST="$POSTGRES_SOCKET"; fi
exec ${quoteWord(program)} "$@"
`;

const redisScript = (program: string | null) =>
  program === null
    ? missingScript('redis-cli')
    : `${withoutHost(':')}\nexec ${quoteWord(program)} -s "$REDIS_SOCKET" "$@"\n`;

const withoutHost = (found: string) => `known() {
  case " localhost 127.0.0.1 ::1 $RUNBOOK_HOSTS " in *" $1 "*) [ -n "$1" ] ;; *) false ;; esac
}
count=$#
while [ "$count" -gt 0 ]; do
  count=$((count - 1))
  case $1 in
    -h | --host)
      if known "\${2-}"; then shift 2; count=$((count - 1)); ${found}; continue; fi ;;
    -h*)
      if known "\${1#-h}"; then shift; ${found}; continue; fi ;;
    --host=*)
      if known "\${1#--host=}"; then shift; ${found}; continue; fi ;;
  esac
  set -- "$@" "$1"
  shift
done`;

const missingScript = (name: string) => `cat >&2 <<'END'
${name} is not installed on this machine, and the embedded replica uses the machine's own:
\`${CALLED} doctor --install\` installs it.
END
exit 127
`;
