import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, it, onTestFinished } from 'vitest';
import { startDatabaseProxy } from '../../tools/target/proxy.ts';

const login = { service: 'postgres', user: 'crosshot', name: 'postgres' };

async function proxy() {
  const started = await startDatabaseProxy(
    () => connect(join(inject('postgresSocketDirectory'), '.s.PGSQL.5432')),
    login,
  );
  onTestFinished(() => started.close());
  return started;
}

it('leads a client with the password to the server', async () => {
  const { url } = await proxy();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  expect((await client.query('SELECT current_user AS who')).rows).toEqual([{ who: 'crosshot' }]);
  await client.end();
});

it('lets nobody in without it', async () => {
  const { url, password } = await proxy();
  const client = new pg.Client({ connectionString: url.replace(password, 'f'.repeat(password.length)) });
  await expect(client.connect()).rejects.toThrow('belongs to a run');
});

it('survives a client that speaks no PostgreSQL', async () => {
  const { url } = await proxy();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.end();
});
