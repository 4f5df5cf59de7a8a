import { dirname, join } from 'node:path';
import type { Service } from './compose-file.ts';
import { ComposeError } from './errors.ts';
import type { Layout } from './layout.ts';
import { settingArguments } from './postgres.ts';
import { CONTAINER_VARIABLE } from './processes.ts';

/** What stands in for a service's image: a server of this machine, or the service's own program. */
export type Image = 'postgres' | 'redis' | 'program';

/** Throws ComposeError for an image that nothing stands in for. */
export function imageOf(service: Service): Image {
  const name = service.image?.split('/').at(-1)?.split(/[:@]/)[0];
  if (service.context !== null) return 'program';
  if (name === 'postgres' || name === 'redis') return name;
  throw new ComposeError(
    `the embedded replica has no ${service.image ?? 'image'} for service "${service.name}": ` +
      'it knows postgres, redis and services with `build`; rehearse with --replica docker',
  );
}

/** The image's name as `docker compose ps` shows it. */
export const imageName = (service: Service, layout: Layout) =>
  service.image ?? `${layout.id}-${service.name}`;

/** The volume's directory that holds the service's data, or its own where compose.yaml names none. */
export function dataDirectory(service: Service, layout: Layout): string {
  const path = imageOf(service) === 'postgres' ? '/var/lib/postgresql/data' : '/data';
  return join(layout.data, service.volumes[path] ?? service.name);
}

/** The directory that a command of the service starts in. */
export const workingDirectory = (service: Service, layout: Layout) =>
  service.context ?? (imageOf(service) === 'redis' ? dataDirectory(service, layout) : layout.data);

/** Where PostgreSQL's socket is: a directory that only the server's user may enter. */
export const postgresSocketDirectory = (service: string, layout: Layout) => join(layout.sockets, service);

const redisSocket = (service: string, layout: Layout) => join(layout.sockets, `${service}.redis`);

/**
 * The program and arguments of a server image, given what compose.yaml adds to them. In a container a server may
 * listen on every address; here only its socket is the replica's own, whatever compose.yaml says.
 */
export function serverCommand(service: Service, layout: Layout): string[] {
  const directory = dataDirectory(service, layout);
  const [program, ...given] = service.command;
  if (imageOf(service) === 'redis') {
    const added = program === undefined || program === 'redis-server' ? given : service.command;
    return [...added, ...redisSettings(redisSocket(service.name, layout), directory)];
  }
  const added = program === 'postgres' ? given : service.command;
  const own = {
    ...{ listen_addresses: '', port: '5432', unix_socket_permissions: '0700' },
    unix_socket_directories: postgresSocketDirectory(service.name, layout),
    'runbook.replica': layout.id,
  };
  return ['-D', directory, ...settingArguments(DEFAULTS), ...added, ...settingArguments(own)];
}

/** A replica is thrown away, so nothing of it must survive a power cut. Containers live in UTC. */
const DEFAULTS = { fsync: 'off', timezone: 'UTC', log_timezone: 'UTC' };

const redisSettings = (socket: string, directory: string) => [
  ...['--port', '0', '--unixsocket', socket, '--unixsocketperm', '700'],
  ...['--dir', directory, '--daemonize', 'no', '--logfile', ''],
];

/**
 * The environment inside a service. Nothing of the caller's environment is in it. A value that is another
 * service's name becomes where that service is; PORT becomes the port that the host publishes.
 */
export function environmentOf(service: Service, all: Service[], layout: Layout): Record<string, string> {
  const given = Object.entries(service.environment).map(([name, value]) => [
    name,
    resolveValue(name, value, service, all, layout),
  ]);
  return {
    PATH: [layout.programs, dirname(process.execPath), process.env.PATH].join(':'),
    HOME: process.env.HOME ?? '/',
    // A container has its own disk; what is kept there of a block goes with it.
    RUNBOOK_STATE: layout.state,
    HOSTNAME: service.name,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    RUNBOOK_HOSTS: all.map(({ name }) => name).join(' '),
    ...serverEnvironment(service, all, layout),
    ...Object.fromEntries(given),
  };
}

/** How clients inside a container find the servers. In PostgreSQL's own they ask, as root, for role root. */
function serverEnvironment(service: Service, all: Service[], layout: Layout): Record<string, string> {
  const nearest = (image: Image) => [service, ...all].find((each) => imageOf(each) === image)?.name;
  const sockets = postgresSocketDirectory(nearest('postgres') ?? 'none', layout);
  const own = imageOf(service) === 'postgres' ? { PGHOST: sockets, PGPORT: '5432', PGUSER: 'root' } : {};
  return { POSTGRES_SOCKET: sockets, REDIS_SOCKET: redisSocket(nearest('redis') ?? 'none', layout), ...own };
}

function resolveValue(name: string, value: string, service: Service, all: Service[], layout: Layout): string {
  const published = service.ports.find(({ container }) => String(container) === value);
  if (name === 'PORT' && published) return String(published.host);
  if (name === 'HOST' && service.ports.length > 0) return '127.0.0.1';
  const other = all.find((each) => each.name === value);
  return other ? addressOf(other, layout) : withReachableUrls(value, all);
}

function addressOf(service: Service, layout: Layout): string {
  const image = imageOf(service);
  if (image === 'postgres') return postgresSocketDirectory(service.name, layout);
  return image === 'redis' ? redisSocket(service.name, layout) : '127.0.0.1';
}

/** `http://api:8000/…` becomes the port that the host publishes for it. */
function withReachableUrls(value: string, all: Service[]): string {
  return value.replaceAll(/\/\/([\w.-]+):(\d+)/g, (whole, host: string, port: string) => {
    const service = all.find(({ name }) => name === host);
    const published = service?.ports.find(({ container }) => String(container) === port);
    return published ? `//127.0.0.1:${published.host}` : whole;
  });
}

/** What marks each process of a container as the replica's. */
export const containerMark = (containerId: string, layout: Layout) => ({
  [CONTAINER_VARIABLE]: `${layout.id}:${containerId}`,
});
