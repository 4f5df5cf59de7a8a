import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { ConnectDatabase, DatabaseLogin } from './database.ts';

/** A loopback port that leads to the target's PostgreSQL: what `on=local` blocks get as DATABASE_URL. */
export interface DatabaseProxy {
  /** Holds a password that is good for this run only. */
  url: string;
  password: string;
  close(): Promise<void>;
}

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const ASK_FOR_PASSWORD = Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 3]);

/**
 * Listens until closed. Every user of this machine can reach a loopback port, and the server behind trusts whoever
 * comes through the container, so the proxy itself asks for a password that only the run's blocks are given.
 */
export async function startDatabaseProxy(
  connect: ConnectDatabase,
  login: DatabaseLogin,
): Promise<DatabaseProxy> {
  const password = randomBytes(24).toString('hex');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, connect, password).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgresql://${encodeURIComponent(login.user)}:${password}@127.0.0.1:${port}/${encodeURIComponent(login.name)}`,
    password,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(socket: Socket, connect: ConnectDatabase, password: string): Promise<void> {
  const opening = await opened(socket);
  if (opening.readInt32BE(4) !== CANCEL_REQUEST) {
    socket.write(ASK_FOR_PASSWORD);
    const answer = await message(socket, 1);
    if (!same(answer.subarray(5, -1), Buffer.from(password))) {
      socket.end(
        refusal('28P01', 'this port belongs to a run of the runbook, whose blocks know its password'),
      );
      return;
    }
  }
  const server = connect();
  server.once('error', (error: Error) => socket.end(refusal('08006', error.message)));
  server.once('close', () => socket.end());
  socket.once('close', () => server.destroy());
  server.write(opening);
  socket.pipe(server).pipe(socket);
}

/** The startup or cancel message; requests for encryption are declined, as it stays on this machine. */
async function opened(socket: Socket): Promise<Buffer> {
  for (;;) {
    const opening = await message(socket, 0);
    const code = opening.readInt32BE(4);
    if (code !== SSL_REQUEST && code !== GSS_REQUEST) return opening;
    socket.write('N');
  }
}

/** One message: `prefix` bytes of type, then its length with itself. */
async function message(socket: Socket, prefix: number): Promise<Buffer> {
  const head = await take(socket, prefix + 4);
  const length = head.readInt32BE(prefix);
  if (length < 4 || length > 10_000) throw new Error('no PostgreSQL client');
  return length === 4 ? head : Buffer.concat([head, await take(socket, length - 4)]);
}

async function take(socket: Socket, bytes: number): Promise<Buffer> {
  for (;;) {
    const found = socket.read(bytes) as Buffer | null;
    if (found?.length === bytes) return found;
    if (socket.readableEnded || socket.destroyed) throw new Error('the client went away');
    await once(socket, 'readable');
  }
}

const same = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);

/** An ErrorResponse, so that a client shows why instead of a closed connection. */
function refusal(code: string, text: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
