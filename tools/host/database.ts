import { Duplex } from 'node:stream';
import pg from 'pg';
import { CannotRun } from '../outcome/output.ts';
import { boundedStream } from './bounded.ts';
import { GRACE_MS } from './ending.ts';
import type { Start } from './shell.ts';

/** Opens a byte stream to a PostgreSQL server. */
export type ConnectDatabase = () => Duplex;

export interface DatabaseLogin {
  service: string;
  user: string;
  name: string;
}

/**
 * The last `wait` is not for tidiness: in the official image the postmaster is process 1, so it inherits orphans, and
 * takes one that a signal ended for a crashed backend of its own, upon which it restarts the whole server. So bash
 * must wait for the `cat` that it kills.
 */
const RELAY = [
  'exec 3<>/dev/tcp/127.0.0.1/5432 || exit',
  'cat <&3 & cat <&0 >&3 &',
  // Whichever side goes away, the other is told; a bash before 4.3 refuses `-n`, and waits for the client's.
  'wait -n 2>/dev/null; [ $? -ne 2 ] || wait $!',
  'kill $(jobs -p) 2>/dev/null; wait; exit 0',
].join('\n');

/**
 * A stream through `docker compose exec`: bash, which every official postgres image has, relays its standard streams
 * to the server's port. It works where the container publishes no port and sshd forbids forwarding.
 */
export function relayThroughCompose(start: Start, service: string): ConnectDatabase {
  return () => {
    const child = start(['docker', 'compose', 'exec', '-T', service, 'bash', '-c', RELAY]);
    const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', (error) => stream.destroy(error));
    child.once('close', (code) => {
      if (code !== 0) stream.destroy(new Error(said.trim() || `the relay ended with ${code}`));
    });
    stream.once('close', () => child.kill());
    return stream;
  };
}

/** Type names by their number, e.g. `int8`, for those that PostgreSQL itself brings. */
const TYPES = new Map(
  Object.entries(pg.types.builtins).map(([name, oid]) => [oid as number, name.toLowerCase()]),
);

export const typeName = (oid: number): string => TYPES.get(oid) ?? `oid ${oid}`;

export interface ConnectOptions {
  /** Gives up connecting when it aborts. */
  signal?: AbortSignal;
  /** Told the bytes of a row that was too long to be read, and is left out of the rows. */
  onLeftOut?: (bytes: number) => void;
}

/**
 * A connected client whose cells are the text that PostgreSQL prints, in UTC and ISO style.
 * Throws CannotRun where the server cannot be reached or refuses the login, or when `signal` aborts before it answers.
 */
export async function connectClient(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  { signal, onLeftOut = () => undefined }: ConnectOptions = {},
): Promise<pg.Client> {
  const config = {
    stream: () => asSocket(boundedStream(connect(), onLeftOut)),
    user: login.user,
    database: login.name,
    ssl: false,
    application_name: 'runbook',
    options: '-c TimeZone=UTC -c DateStyle=ISO,YMD -c IntervalStyle=postgres',
    types: { getTypeParser: () => (text: string) => text },
  };
  let client: pg.Client | undefined;
  const giveUp = () => client && cutConnection(client);
  try {
    // Before there is a client: it opens its stream at once.
    signal?.throwIfAborted();
    client = new pg.Client(config as unknown as pg.ClientConfig);
    client.on('error', () => undefined);
    signal?.addEventListener('abort', giveUp, { once: true });
    await client.connect();
    return client;
  } catch (error) {
    const { message } = (signal?.aborted ? signal.reason : error) as Error;
    throw new CannotRun(`no connection to PostgreSQL (${login.service}): ${message}`);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Ends a connection without a word to the server, which may be deaf; what waits for an answer gets an error. */
export function cutConnection(client: pg.Client): void {
  (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
}

/** Ends a connection as the protocol has it and waits until the server let go of it, or cuts it after a grace. */
export async function closeClient(client: pg.Client): Promise<void> {
  const cut = setTimeout(() => cutConnection(client), GRACE_MS);
  await client.end().catch(() => undefined);
  clearTimeout(cut);
}

/** pg asks a socket for a few things that a pipe has no need of. */
function asSocket(stream: Duplex): Duplex {
  const nothing = () => stream;
  return Object.assign(stream, {
    setNoDelay: nothing,
    setKeepAlive: nothing,
    ref: nothing,
    unref: nothing,
    connect() {
      queueMicrotask(() => stream.emit('connect'));
      return stream;
    },
  });
}
