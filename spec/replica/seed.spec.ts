import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { localHost } from '../../tools/host/local.ts';
import { seed } from '../../tools/replica/seed.ts';
import { createDatabase } from '../support/database.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** Seeds a database of a server that bears no mark. */
async function seedAny(id: string) {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const file = join(await temporaryDirectory(), 'seed.sql');
  await writeFile(file, 'CREATE TABLE seeded ();');
  const socket = join(inject('postgresSocketDirectory'), '.s.PGSQL.5432');
  const login = { service: 'postgres', user: 'crosshot', name: database.name };
  const host = localHost({ directory: '/', connect: () => connect(socket) });
  const refused = await seed(host, login, id, [file]).catch((error: Error) => error);
  const client = await database.connect();
  const { rows } = await client.query(`SELECT to_regclass('seeded')::text AS "table"`);
  return { refused, table: rows[0]?.table };
}

it('a server that is no replica is refused, and nothing is done to it', async () => {
  const { refused, table } = await seedAny('runbook-00000000');
  expect(refused).toMatchObject({
    name: 'ReplicaError',
    message: 'this server is not the replica runbook-00000000: nothing was done to it',
  });
  expect(table).toBeNull();
});
