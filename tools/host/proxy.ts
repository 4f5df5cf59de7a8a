import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectDatabase, DatabaseLogin } from './database.ts';
import {
  ASK_FOR_PASSWORD,
  BACKEND_KEY_DATA,
  CANCEL_REQUEST,
  GSS_REQUEST,
  message,
  READY_FOR_QUERY,
  refusal,
  SSL_REQUEST,
  withOptions,
} from './wire.ts';

/** A loopback port that leads to the host's PostgreSQL: what `on=local` blocks get as DATABASE_URL. */
export interface DatabaseProxy {
  /** Holds a password that is good for this run only. */
  url: string;
  password: string;
  close(): Promise<void>;
}

/** So many may be connected that have not said the password: it takes one a moment to say it. */
const MOST_STRANGERS = 32;
/** So many may have said it, or cancel: a few more than a PostgreSQL takes where nobody told it otherwise. */
const MOST_SESSIONS = 110;
/** Bytes of a message from a client that is not yet known, and of one from the server before it is ready. */
const MOST_FROM_CLIENT = 10_000;
const MOST_FROM_SERVER = 1_000_000;

/** Everyone who is connected. */
interface Guests {
  connect: ConnectDatabase;
  /** What each session is started with besides what its client says. */
  options: string;
  password: string;
  /** Those who have not said the password, the longest there first. */
  strangers: Set<Socket>;
  sessions: Set<Socket>;
  /** What the server gave each session to cancel its statement with: process id and key, as they are sent. */
  keys: Set<string>;
}

/**
 * Listens until closed. Every user of this machine can reach a loopback port, and the server behind trusts whoever
 * comes through the container, so the proxy itself asks for a password that only the run's blocks are given, and
 * before that opens no connection to the server.
 */
export async function startDatabaseProxy(
  connect: ConnectDatabase,
  login: DatabaseLogin,
): Promise<DatabaseProxy> {
  const password = randomBytes(24).toString('hex');
  const guests: Guests = {
    ...{ connect, password, options: login.options ?? '' },
    ...{ strangers: new Set(), sessions: new Set(), keys: new Set() },
  };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    welcome(guests, socket);
    serve(guests, socket).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgresql://${encodeURIComponent(login.user)}:${password}@127.0.0.1:${port}/${encodeURIComponent(login.name)}`,
    password,
    async close() {
      for (const socket of [...guests.strangers, ...guests.sessions]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Where too many say nothing, the one that has done so the longest makes room: they cannot keep a block out. */
function welcome({ strangers }: Guests, socket: Socket): void {
  const [oldest] = strangers;
  if (oldest && strangers.size >= MOST_STRANGERS) {
    strangers.delete(oldest);
    oldest.destroy();
  }
  strangers.add(socket);
  socket.once('close', () => strangers.delete(socket));
}

async function serve(guests: Guests, socket: Socket): Promise<void> {
  const opening = await opened(socket);
  if (opening.readInt32BE(4) === CANCEL_REQUEST) return cancel(guests, socket, opening);
  socket.write(ASK_FOR_PASSWORD);
  const answer = await message(socket, 1, MOST_FROM_CLIENT);
  if (!same(answer.subarray(5, -1), Buffer.from(guests.password))) {
    return turnAway(
      socket,
      '28P01',
      'this port belongs to a run of the runbook, whose blocks know its password',
    );
  }
  const server = enter(guests, socket, opening);
  // A server that refuses the login says so and closes: then what it said is still on its way.
  if (server) await relay(guests, socket, server).catch(() => socket.destroySoon());
}

/** Only for who holds the key of a session; PostgreSQL, too, does not say whether a key is right. */
function cancel(guests: Guests, socket: Socket, request: Buffer): void {
  if (!guests.keys.has(keyOf(request, 8))) socket.destroySoon();
  else enter(guests, socket, request)?.pipe(socket);
}

const keyOf = (message: Buffer, from: number): string => message.toString('hex', from);

/** A connection to the server, which has been sent the client's opening, or null where there are too many. */
function enter(
  { connect, strangers, sessions, options }: Guests,
  socket: Socket,
  opening: Buffer,
): Duplex | null {
  if (sessions.size >= MOST_SESSIONS) {
    turnAway(socket, '53300', `a run's port takes ${MOST_SESSIONS} connections, and so many are open`);
    return null;
  }
  strangers.delete(socket);
  sessions.add(socket);
  const server = connect();
  server.once('error', (error: Error) => turnAway(socket, '08006', error.message));
  server.once('close', () => socket.destroySoon());
  socket.once('close', () => {
    sessions.delete(socket);
    server.destroy();
  });
  server.write(withOptions(opening, options));
  return server;
}

/** Passes on what both say; from what the server says before it is ready, the session's key is kept. */
async function relay({ keys }: Guests, socket: Socket, server: Duplex): Promise<void> {
  socket.pipe(server);
  for (let type = 0; type !== READY_FOR_QUERY; ) {
    const said = await message(server, 1, MOST_FROM_SERVER);
    type = said.readUInt8();
    if (type === BACKEND_KEY_DATA) {
      const key = keyOf(said, 5);
      keys.add(key);
      socket.once('close', () => keys.delete(key));
    }
    socket.write(said);
  }
  server.pipe(socket);
}

/** Says why and closes: also where the other end would keep the connection. */
function turnAway(socket: Socket, code: string, why: string): void {
  socket.write(refusal(code, why));
  socket.destroySoon();
}

/** The startup or cancel message; requests for encryption are declined, as it stays on this machine. */
async function opened(socket: Socket): Promise<Buffer> {
  for (;;) {
    const opening = await message(socket, 0, MOST_FROM_CLIENT);
    const code = opening.readInt32BE(4);
    if (code !== SSL_REQUEST && code !== GSS_REQUEST) return opening;
    socket.write('N');
  }
}

const same = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);
