import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Service } from './compose-file.ts';
import type { Layout } from './layout.ts';
import { settingArguments } from './postgres.ts';
import { CONTAINER_VARIABLE } from './processes.ts';
import { type Image, serverOf } from './servers.ts';

/** Of a service that was read from a compose file, whose images are known. */
export const imageOf = (service: Service): Image => serverOf(service) ?? 'program';

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

/** By which the socket of a PostgreSQL server is called, wherever it listens besides. */
export const POSTGRES_PORT = 5432;

/**
 * The program and arguments of a server image, given what compose.yaml adds to them. In a container a server may
 * listen on every address; here only its socket is the replica's own, and where somebody calls it by an address, a port
 * of 127.0.0.1, whatever compose.yaml says.
 */
export function serverCommand(service: Service, layout: Layout): string[] {
  const directory = dataDirectory(service, layout);
  const [program, ...given] = service.command;
  const port = layout.serverPorts[service.name];
  if (imageOf(service) === 'redis') {
    const added = program === undefined || program === 'redis-server' ? given : service.command;
    return [...added, ...redisSettings(redisSocket(service.name, layout), directory, port)];
  }
  const added = program === 'postgres' ? given : service.command;
  const own = {
    ...{ listen_addresses: '', port: String(POSTGRES_PORT), unix_socket_permissions: '0700' },
    ...(port === undefined ? {} : { listen_addresses: '127.0.0.1', port: String(port) }),
    unix_socket_directories: postgresSocketDirectory(service.name, layout),
    'runbook.replica': layout.id,
  };
  return ['-D', directory, ...settingArguments(DEFAULTS), ...added, ...settingArguments(own)];
}

/** A replica is thrown away, so nothing of it must survive a power cut. Containers live in UTC. */
const DEFAULTS = { fsync: 'off', timezone: 'UTC', log_timezone: 'UTC' };

const redisSettings = (socket: string, directory: string, port = 0) => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--unixsocket', socket, '--unixsocketperm', '700'],
  ...['--dir', directory, '--daemonize', 'no', '--logfile', ''],
];

/**
 * The environment inside a service. Nothing of the caller's environment is in it. A value that is another
 * service's name becomes where that service is, as does the host of an address; PORT becomes the port that the host
 * publishes.
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
  return other ? addressOf(other, layout) : withReachableUrls(value, all, layout);
}

function addressOf(service: Service, layout: Layout): string {
  const image = imageOf(service);
  if (image === 'postgres') return postgresSocketDirectory(service.name, layout);
  return image === 'redis' ? redisSocket(service.name, layout) : '127.0.0.1';
}

/** `http://api:8000/…` becomes the port that the host publishes for it, and `redis://cache/0` the one where the server listens. */
function withReachableUrls(value: string, all: Service[], { serverPorts }: Layout): string {
  const reachable = (whole: string, user: string, host: string, port: string | undefined) => {
    const service = all.find(({ name }) => name === host);
    if (!service) return whole;
    const published = service.ports.find(({ container }) => String(container) === port)?.host;
    const found = serverPorts[service.name] ?? published;
    return found === undefined ? whole : `//${credentials(user, service)}127.0.0.1:${found}`;
  };
  return value.replaceAll(/\/\/((?:[^@/\s]{1,300}@)?)([\w.-]{1,100})(?::(\d{1,5}))?/g, reachable);
}

/**
 * The superuser's password where a PostgreSQL server is called by an address: what the compose file says or, where it
 * says that whoever comes is trusted, one that only this replica's services know. Anybody on this machine may come.
 */
export const passwordOf = ({ environment }: Service): string =>
  environment.POSTGRES_PASSWORD || REPLICA_PASSWORD;

const REPLICA_PASSWORD = randomBytes(16).toString('hex');

/** `user@` of an address, with the password that a trusting server would not ask for. */
function credentials(user: string, service: Service): string {
  const isTrusted = imageOf(service) === 'postgres' && !service.environment.POSTGRES_PASSWORD;
  return isTrusted && /^[^:@]+@$/.test(user) ? `${user.slice(0, -1)}:${REPLICA_PASSWORD}@` : user;
}

/** What marks each process of a container as the replica's. */
export const containerMark = (containerId: string, layout: Layout) => ({
  [CONTAINER_VARIABLE]: `${layout.id}:${containerId}`,
});
