import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { PostgresError } from './errors.ts';
import { keepCluster, placeOfCluster, takeCluster } from './kept-cluster.ts';
import { type PostgresPrograms, postgresPrograms } from './postgres-programs.ts';
import { CONTAINER_VARIABLE } from './processes.ts';

/**
 * What a server's programs are given: of the caller's environment, which may hold secrets, only the mark by which
 * they are found when it is gone.
 */
function serverEnvironment(home: string): Record<string, string> {
  const mark = process.env[CONTAINER_VARIABLE];
  return {
    ...{ PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, LC_ALL: 'C', TZ: 'UTC' },
    ...(mark === undefined ? {} : { [CONTAINER_VARIABLE]: mark }),
  };
}

/**
 * Makes a cluster in `directory` whose superuser is `superuser`. Local sockets are trusted; who comes another way needs
 * a password, and none exists yet. `programs` are this platform's where none are given. It is a copy of one that was made
 * before, where one is kept, and differs from it by its identifier alone.
 * Throws PostgresError with what initdb said.
 */
export async function initCluster(
  directory: string,
  superuser: string,
  programs?: Omit<PostgresPrograms, 'version'>,
): Promise<void> {
  const { initdb, postgres, identity } = programs ?? (await postgresPrograms());
  const words = [
    ...['-U', superuser, '--auth-local=trust', '--auth-host=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--no-sync'],
  ];
  const place = await placeOfCluster({ initdb, postgres }, words);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await own(directory, identity);
  if (await takeCluster(place, directory)) return;
  const { failed, stderr, originalMessage } = await execa(initdb, ['-D', directory, ...words], {
    ...{ ...identity, cwd: directory, env: serverEnvironment(directory), extendEnv: false },
    ...{ reject: false, stdin: 'ignore', stdout: 'ignore', cleanup: false },
  });
  const said = stderr.trim() || (originalMessage ?? '');
  if (failed) throw new PostgresError(`initdb failed in ${directory}: ${said}`);
  await keepCluster(directory, place);
}

/** Gives a path to the user that the server runs as, where that is another than the caller's. */
export async function own(path: string, identity: PostgresPrograms['identity']): Promise<void> {
  if (identity.uid !== undefined && identity.gid !== undefined) await chown(path, identity.uid, identity.gid);
}

/** The arguments of a server on a Unix socket in `socketDirectory` (port 5432) and nowhere else. */
function serverArguments(
  directory: string,
  socketDirectory: string,
  settings: Record<string, string> = {},
): string[] {
  const all = { listen_addresses: '', unix_socket_directories: socketDirectory, ...settings };
  return ['-D', directory, ...settingArguments(all)];
}

/** Settings as arguments of a server, which heeds the last of a name. */
export const settingArguments = (settings: Record<string, string>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** A server that accepts connections. `stop` ends it at once and its clients with it. */
export interface RunningPostgres {
  socketDirectory: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a server on a cluster made by initCluster and waits until it accepts connections.
 * Throws PostgresError with its last log lines where it ends before that.
 */
export async function startPostgres(
  directory: string,
  socketDirectory: string,
  settings: Record<string, string> = {},
): Promise<RunningPostgres> {
  const { postgres, identity } = await postgresPrograms();
  await mkdir(socketDirectory, { recursive: true, mode: 0o700 });
  await own(socketDirectory, identity);
  const child = spawn(postgres, serverArguments(directory, socketDirectory, settings), {
    ...identity,
    cwd: directory,
    env: serverEnvironment(directory),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await untilReady(child);
  const ended = once(child, 'close');
  return {
    socketDirectory,
    pid: child.pid as number,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

async function untilReady(child: ChildProcess): Promise<void> {
  const last: string[] = [];
  const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream });
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new PostgresError(`cannot start PostgreSQL: ${error.message}`)));
    child.once('close', () =>
      reject(new PostgresError(`PostgreSQL ended at its start:\n${last.join('\n')}`)),
    );
    lines.on('line', (line) => {
      last.push(line);
      if (last.length > 20) last.shift();
      if (line.includes('ready to accept connections')) resolve();
    });
  });
}
