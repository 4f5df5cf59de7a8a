import pg from 'pg';
import { CannotRun } from '../outcome/output.ts';
import { cancelWhen } from './cancel.ts';
import type { Capture } from './capture.ts';
import { type ConnectDatabase, closeClient, connectClient, type DatabaseLogin, whyLost } from './database.ts';
import { tellingSilence } from './silence.ts';
import type { LeftOut } from './statement.ts';

/** The connection went away before the server had answered: whether it did what it was sent is not said by this. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

/** The server's end of a session, as pg_stat_activity has it. */
export interface Backend {
  pid: string;
  /** With this, the process id of another one cannot be taken for it. */
  start: string;
  /** The `system_identifier` of the cluster that it belongs to. */
  cluster: string;
  /** Another one after each crash of the server, which forgets its statistics then; null where it has none. */
  epoch: string | null;
}

/** A connection that a block's statements run over. */
export interface Session {
  client: pg.Client;
  backend: Backend;
  /** The answer to a BEGIN that was sent ahead, in the same breath as the COMMIT before it. */
  ahead: Promise<unknown> | null;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** What the server is told that its client is called: an interrupted block's backend is found by it. */
  applicationName: string;
  /** Gives up connecting, and cancels what runs. */
  signal: AbortSignal;
  leftOut: LeftOut;
  notices: Capture;
  onLine: (line: string) => void;
}

/** Throws CannotRun where the server cannot be reached, or when `signal` aborts before it is. */
export async function openSession(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  { applicationName, signal, leftOut, notices, onLine }: SessionOptions,
): Promise<Session> {
  const onLeftOut = (bytes: number) => {
    leftOut.rows++;
    leftOut.bytes = Math.max(leftOut.bytes, bytes);
  };
  const options = { signal, onLeftOut, applicationName, pipeline: true };
  const whom = `PostgreSQL (${login.service})`;
  const client = await tellingSilence(connectClient(connect, login, options), whom, onLine);
  client.on('notice', ({ severity = 'NOTICE', message = '', detail, hint }) => {
    const said = `${severity}: ${message}`;
    onLine(said);
    const more = [...(detail ? [`DETAIL: ${detail}`] : []), ...(hint ? [`HINT: ${hint}`] : [])];
    notices.add(Buffer.from(`${[said, ...more].join('\n')}\n`));
  });
  const stopCancelling = cancelWhen(signal, connect, client);
  const close = () => {
    stopCancelling();
    return closeClient(client);
  };
  try {
    const { rows } = await tellingSilence(answerOf(client.query<Backend>(BACKEND)), whom, onLine);
    return { client, backend: rows[0] as Backend, ahead: null, close };
  } catch (error) {
    await close();
    throw new CannotRun(`no connection to ${whom}: ${(error as Error).message}`);
  }
}

const BACKEND = `SELECT pid, backend_start AS start, system_identifier AS cluster, stats_reset AS epoch
  FROM pg_catalog.pg_stat_activity, pg_catalog.pg_control_system(), pg_catalog.pg_stat_bgwriter
  WHERE pid = pg_catalog.pg_backend_pid()`;

/** Whether a transaction of a statement is open in it, as the server said with its last answer: one that failed is. */
export const isOpen = ({ client, ahead }: Session): boolean =>
  ahead === null && client.getTransactionStatus() !== 'I';

/**
 * The server's answer to what it was sent. Throws pg's DatabaseError where it refuses, and ConnectionLost where the
 * session ends before its answer: also where the server itself ends it, with a last word why.
 */
export async function answerOf<T>(sent: Promise<T>): Promise<T> {
  try {
    return await sent;
  } catch (error) {
    throw isRefusal(error) ? error : new ConnectionLost(whyLost(error as Error));
  }
}

/** By their SQLSTATEs: a word such as FATAL may be said in the server's own language. */
const ENDS_SESSION = /^(57P0[1-5]|25P03|08...)$/;

/** Whether an error is PostgreSQL's decision about a statement, after which the session goes on. */
export const isRefusal = (error: unknown): error is pg.DatabaseError =>
  error instanceof pg.DatabaseError &&
  error.code !== undefined &&
  !ENDS_SESSION.test(error.code) &&
  error.severity !== 'FATAL' &&
  error.severity !== 'PANIC';
