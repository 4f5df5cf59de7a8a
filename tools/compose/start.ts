import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CALLED } from '../called.ts';
import type { Service } from './compose-file.ts';
import { ComposeError } from './errors.ts';
import { findProgram } from './find-program.ts';
import {
  containerMark,
  dataDirectory,
  environmentOf,
  imageOf,
  POSTGRES_PORT,
  postgresSocketDirectory,
  serverCommand,
  workingDirectory,
} from './images.ts';
import type { Layout } from './layout.ts';
import { initCluster, own } from './postgres.ts';
import { type PostgresPrograms, postgresPrograms } from './postgres-programs.ts';
import { postgresMajor } from './servers.ts';

/** Starts a service's main process in a session of its own. Throws ComposeError where it cannot start. */
export async function startMain(
  service: Service,
  all: Service[],
  layout: Layout,
  containerId: string,
): Promise<ChildProcess> {
  for (const { host } of service.ports) await checkPort(service.name, host);
  const environment = { ...environmentOf(service, all, layout), ...containerMark(containerId, layout) };
  const options = { detached: true, stdio: ['ignore', 'pipe', 'pipe'] as ('ignore' | 'pipe')[] };
  const image = imageOf(service);
  if (image === 'postgres') {
    const programs = await postgresPrograms(postgresMajor(service.image));
    const { postgres, identity } = programs;
    const cwd = await preparePostgres(service, layout, programs);
    return await spawned(
      spawn(postgres, serverCommand(service, layout), { ...options, ...identity, cwd, env: environment }),
    );
  }
  if (image === 'redis') await mkdir(dataDirectory(service, layout), { recursive: true });
  const cwd = workingDirectory(service, layout);
  const [file = '', ...args] =
    image === 'redis'
      ? [redisServer(), ...serverCommand(service, layout)]
      : [...service.entrypoint, ...programCommand(service)];
  return await spawned(spawn(file, args, { ...options, cwd, env: environment }));
}

/** Node's own spawn is used, as execa waits for the end of what it starts, and this waits for the beginning. */
async function spawned(child: ChildProcess): Promise<ChildProcess> {
  await once(child, 'spawn').catch((error: Error) => {
    throw new ComposeError(`cannot start ${child.spawnfile}: ${error.message}`);
  });
  return child;
}

function programCommand(service: Service): string[] {
  if (service.command.length > 0 || service.entrypoint.length > 0) return service.command;
  throw new ComposeError(
    `service "${service.name}" has no command in compose.yaml, ` +
      'and the embedded replica reads no Dockerfile: add one',
  );
}

function redisServer(): string {
  const program = findProgram('redis-server', process.env.PATH);
  if (program) return program;
  throw new ComposeError(
    `redis-server is not installed on this machine: \`${CALLED} doctor --install\` installs it`,
  );
}

/** A port that another process took is said before the service fails on it in its own words. */
async function checkPort(service: string, port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new ComposeError(
      `service "${service}" cannot publish port ${port} on 127.0.0.1 (${error.code}): ` +
        'end what listens there, or name another port in the variable that compose.yaml has for it',
    );
  });
  server.close();
  await once(server, 'close');
}

async function preparePostgres(
  service: Service,
  layout: Layout,
  programs: PostgresPrograms,
): Promise<string> {
  const { identity } = programs;
  const sockets = postgresSocketDirectory(service.name, layout);
  await mkdir(sockets, { recursive: true, mode: 0o700 });
  await own(sockets, identity);
  const port = layout.serverPorts[service.name] ?? POSTGRES_PORT;
  const usual = join(sockets, `.s.PGSQL.${POSTGRES_PORT}`);
  // A server has one port for its socket and its address, and clients here know the usual socket.
  if (port !== POSTGRES_PORT) {
    await rm(usual, { force: true });
    await symlink(`.s.PGSQL.${port}`, usual);
  }
  const directory = dataDirectory(service, layout);
  const isMade = await stat(join(directory, 'PG_VERSION')).catch(() => null);
  if (!isMade) await initCluster(directory, service.environment.POSTGRES_USER ?? 'postgres', programs);
  return directory;
}
