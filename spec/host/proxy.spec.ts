import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { ConnectDatabase } from '../../tools/host/database.ts';
import { startDatabaseProxy } from '../../tools/host/proxy.ts';

const login = { service: 'postgres', user: 'crosshot', name: 'postgres' };

const toServer = () => connect(join(inject('postgresSocketDirectory'), '.s.PGSQL.5432'));

/** A proxy to the specs' server, or to another one; `reached` counts the connections that it made. */
async function proxy(connectDatabase: ConnectDatabase = toServer) {
  let reached = 0;
  const started = await startDatabaseProxy(() => {
    reached += 1;
    return connectDatabase();
  }, login);
  onTestFinished(() => started.close());
  const port = Number(new URL(started.url).port);
  return { ...started, port, reached: () => reached };
}

async function clientOf(url: string) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A connection that has sent these bytes, and what becomes of it. */
function stranger(port: number, ...bytes: Buffer[]) {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  for (const some of bytes) socket.write(some);
  socket.resume();
  return { socket, closed: once(socket, 'close') };
}

const int32 = (...values: number[]) =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(value);
      return bytes;
    }),
  );

const cancelRequest = (pid: number, key: number) => int32(16, 80877102, pid, key);

/** What pg knows of its session, and tells nobody in its types. */
const keyOf = (client: pg.Client) => client as unknown as { processID: number; secretKey: number };

const startup = () => {
  const words = Buffer.from('user\0crosshot\0database\0postgres\0\0');
  return Buffer.concat([int32(8 + words.length, 196608), words]);
};

const password = (text: string) =>
  Buffer.concat([Buffer.from('p'), int32(5 + text.length), Buffer.from(`${text}\0`)]);

describe('who has the password', () => {
  it('is led to the server', async () => {
    const { url } = await proxy();
    const client = await clientOf(url);
    expect((await client.query('SELECT current_user AS who')).rows).toEqual([{ who: 'crosshot' }]);
    await client.end();
  });

  it('is told what the server refuses a login with', async () => {
    const { url } = await proxy();
    await expect(clientOf(url.replace(/postgres$/, 'nowhere'))).rejects.toMatchObject({ code: '3D000' });
  });

  it('is told that there is no server', async () => {
    const { url } = await proxy(() => connect('/nowhere/.s.PGSQL.5432'));
    await expect(clientOf(url)).rejects.toMatchObject({ code: '08006' });
  });

  it('gets many rows, as they are', async () => {
    const { url } = await proxy();
    const client = await clientOf(url);
    const { rows } = await client.query(
      "SELECT n, repeat('x', 1000) AS long FROM generate_series(1, 20000) n",
    );
    expect(rows.filter(({ n, long }, i) => n === i + 1 && long.length === 1000)).toHaveLength(20_000);
    await client.end();
  });

  it('cancels a statement of its own', async () => {
    const { url, port } = await proxy();
    const client = await clientOf(url);
    const begun = once(client, 'notice');
    const text = "DO $$ BEGIN RAISE NOTICE 'begun'; PERFORM pg_sleep(1000); END $$";
    const sleeping = client.query(text).catch((error: unknown) => error);
    // A cancellation that comes before the statement finds nothing to cancel.
    await begun;
    const { processID, secretKey } = keyOf(client);
    await stranger(port, cancelRequest(processID, secretKey)).closed;
    expect(await sleeping).toMatchObject({ code: '57014' });
    await client.end();
  });

  it('is refused where too many are in', async () => {
    const silent = createServer((socket) => socket.resume().on('error', () => undefined)).listen(
      0,
      '127.0.0.1',
    );
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const { port: silentPort } = silent.address() as { port: number };
    const { port, url, password: word, reached } = await proxy(() => connect(silentPort, '127.0.0.1'));
    for (let guests = 0; guests < 110; guests++) {
      const { socket } = stranger(port, startup());
      await once(socket, 'data');
      const arrived = once(silent, 'connection');
      socket.write(password(word));
      await arrived;
    }
    await expect(clientOf(url)).rejects.toMatchObject({ code: '53300' });
    expect(reached()).toBe(110);
  });
});

describe('who has not', () => {
  it('is refused', async () => {
    const { url, password: word, reached } = await proxy();
    await expect(clientOf(url.replace(word, 'f'.repeat(word.length)))).rejects.toThrow('belongs to a run');
    expect(reached()).toBe(0);
  });

  it('is let go where it speaks no PostgreSQL', async () => {
    const { url, port } = await proxy();
    await stranger(port, Buffer.from('GET / HTTP/1.1\r\n\r\n')).closed;
    await (await clientOf(url)).end();
  });

  it('cancels nothing and reaches no server, however often it tries', async () => {
    const { url, port, reached } = await proxy();
    const client = await clientOf(url);
    const { processID, secretKey } = keyOf(client);
    const tries = Array.from({ length: 300 }, (_, i) => cancelRequest(processID, (secretKey + 1 + i) | 0));
    await Promise.all(tries.map((request) => stranger(port, request).closed));
    expect(reached()).toBe(1);
    await client.end();
  });

  it('cannot cancel with the key of a session that has ended', async () => {
    const { url, port, reached } = await proxy();
    const client = await clientOf(url);
    const { processID, secretKey } = keyOf(client);
    await client.end();
    await stranger(port, cancelRequest(processID, secretKey)).closed;
    expect(reached()).toBe(1);
  });

  it('cannot pile up by saying nothing, nor keep a block out', async () => {
    const { url, port, reached } = await proxy();
    let [open, closed] = [0, 0];
    const settled = new Promise<void>((resolve) => {
      for (let i = 0; i < 200; i++) {
        const { socket } = stranger(port);
        socket.once('connect', () => ++open === 200 && closed === 168 && resolve());
        socket.once('close', () => ++closed === 168 && open === 200 && resolve());
      }
    });
    await settled;
    expect(reached()).toBe(0);
    await (await clientOf(url)).end();
  });
});

/** Linux answers at all of 127.0.0.0/8. */
const OTHERS = process.platform === 'linux' ? ['127.0.0.2', '::1'] : ['::1'];

it.each(OTHERS)('is reached at 127.0.0.1 and not at %s', async (address) => {
  const { port } = await proxy();
  const reached = connect(port, address);
  await expect(once(reached, 'connect')).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
});
