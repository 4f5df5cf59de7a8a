import type { Duplex } from 'node:stream';
import pg from 'pg';
import { CannotRun } from '../outcome/output.ts';
import { boundedStream } from './bounded.ts';
import { requireCluster } from './cluster.ts';
import { GRACE_MS } from './ending.ts';

/** Opens a byte stream to a PostgreSQL server. */
export type ConnectDatabase = () => Duplex;

export interface DatabaseLogin {
  service: string;
  user: string;
  name: string;
  /** The system identifier that the server must have, where a run is bound to one. */
  cluster?: string | null | undefined;
  /** What each session is started with, as in PGOPTIONS: `-c name=value`. */
  options?: string;
}

/** What is asked of the server, not of a database, is asked here: every server has it, and no step drops it. */
export const MAINTENANCE = 'postgres';

/** Type names by their number, e.g. `int8`, for those that PostgreSQL itself brings. */
const TYPES = new Map(
  Object.entries(pg.types.builtins).map(([name, oid]) => [oid as number, name.toLowerCase()]),
);

export const typeName = (oid: number): string => TYPES.get(oid) ?? `oid ${oid}`;

/** So long is waited for a connection, where nothing else ends it: a server may accept one and never answer. */
const PATIENCE_MS = 60_000;

export interface ConnectOptions {
  /** Gives up connecting when it aborts; without it, after a minute. */
  signal?: AbortSignal;
  /** Told the bytes of a row that was too long to be read, and is left out of the rows. */
  onLeftOut?: (bytes: number) => void;
  /** What the server is told that its client is called. */
  applicationName?: string;
  /** Whether a query is sent before the one before it was answered. */
  pipeline?: boolean;
}

/**
 * A connected client whose cells are the text that PostgreSQL prints, in UTC and ISO style.
 * Throws CannotRun where the server cannot be reached or refuses the login, or is of another cluster than the
 * login's, or when `signal` aborts before it answers.
 */
export async function connectClient(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  { signal, onLeftOut = () => undefined, applicationName = 'runbook', pipeline = false }: ConnectOptions = {},
): Promise<pg.Client> {
  const config = {
    stream: () => asSocket(boundedStream(connect(), onLeftOut)),
    user: login.user,
    database: login.name,
    ssl: false,
    application_name: applicationName,
    pipeline,
    options: ['-c TimeZone=UTC -c DateStyle=ISO,YMD -c IntervalStyle=postgres', login.options ?? ''].join(
      ' ',
    ),
    types: { getTypeParser: () => (text: string) => text },
  };
  let client: pg.Client | undefined;
  let late: Error | null = null;
  const giveUp = () => client && cutConnection(client);
  const patience = signal
    ? undefined
    : setTimeout(() => {
        late = new Error(`no answer within ${PATIENCE_MS / 1000} s`);
        giveUp();
      }, PATIENCE_MS);
  try {
    // Before there is a client: it opens its stream at once.
    signal?.throwIfAborted();
    client = new pg.Client(config as unknown as pg.ClientConfig);
    client.on('error', () => undefined);
    signal?.addEventListener('abort', giveUp, { once: true });
    await client.connect();
    if (login.cluster) await requireCluster(client, login.cluster);
    return client;
  } catch (error) {
    if (client) cutConnection(client);
    const { message } = (signal?.aborted ? signal.reason : (late ?? error)) as Error;
    throw new CannotRun(`no connection to PostgreSQL (${login.service}): ${message}`);
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', giveUp);
  }
}

/** What pg and the system say of a connection that has ended; which of it depends on who noticed it first. */
const ENDED =
  /^(Connection terminated.*|Client has encountered a connection error.*|(read|write) (ECONNRESET|EPIPE))$/;

/** Why a connection was lost, in the same words whoever noticed it. */
export const whyLost = ({ message }: Error): string =>
  ENDED.test(message) ? 'Connection terminated unexpectedly' : message;

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
