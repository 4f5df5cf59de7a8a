import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPostgresProgram } from '../../tools/compose/index.ts';
import { openDump } from '../../tools/replica/dump.ts';
import { readPostgresMajor } from '../../tools/replica/stack.ts';
import { createDatabase, type SpecDatabase } from '../support/database.ts';
import { runbookDirectory } from '../support/shop.ts';
import { temporaryDirectory } from '../support/tmp.ts';

let database: SpecDatabase;
let whole: Buffer;
beforeAll(async () => {
  database = await createDatabase();
  const client = await database.connect();
  await client.query('CREATE TABLE orders AS SELECT generate_series(1, 5000) AS id');
  const program = (await findPostgresProgram('pg_dump', process.env.PATH)) ?? 'pg_dump';
  const { stdout } = await execa(program, ['-Fc', database.url], { encoding: 'buffer' });
  whole = Buffer.from(stdout);
});
afterAll(() => database?.drop());

/** Opens a file of these bytes for the database that was dumped, on a server of this major version. */
async function opened(bytes: Buffer, major: string | null = '14') {
  const path = join(await temporaryDirectory(), '-f; x.dump');
  await writeFile(path, bytes);
  return openDump(path, { database: database.name, major });
}

const changed = (from: string, to: string) =>
  Buffer.from(whole.toString('latin1').replace(from, to), 'latin1');

it('a whole dump is opened, also where the version of the server is not known', async () => {
  const header = { database: database.name, serverVersion: expect.stringMatching(/^14\./) };
  expect(await opened(whole)).toMatchObject({ ...header, name: '-f; x.dump' });
  expect(await opened(whole, null)).toMatchObject(header);
});

it.each([
  ['in its last block', (size: number) => size - 40],
  ['in its data', (size: number) => size / 2],
  ['in its list of contents', () => 400],
])('one that is cut off %s is refused, with what pg_restore says of it', async (_, to) => {
  const cut = opened(whole.subarray(0, to(whole.length)));
  await expect(cut).rejects.toThrow(/x\.dump is damaged or cut off: pg_restore: error: [^\n]*$/);
});

it('one of a newer or older major version is refused, and one of another database', async () => {
  await expect(opened(changed('14.', '15.'))).rejects.toThrow(
    'is of PostgreSQL 15, and the replica’s server is 14: what is true on one need not be on the other',
  );
  await expect(opened(whole, '16')).rejects.toThrow('is of PostgreSQL 14, and the replica’s server is 16: ');
  await expect(opened(changed(database.name, database.name.toUpperCase()))).rejects.toThrow(
    `is a dump of the database ${database.name.toUpperCase()}, and the runbook’s is ${database.name}`,
  );
});

it('what is no dump at all is refused', async () => {
  await expect(opened(await readFile(import.meta.filename))).rejects.toThrow(
    'is no dump of pg_dump’s custom',
  );
});

it.each([
  ['postgres:14', '14'],
  ['registry.example:5000/library/postgres:16.2-alpine', '16'],
  ['postgres', null],
  ['postgres:latest', null],
  ['mypostgres:14', null],
])('the major version that the image %s names is %s', async (image, major) => {
  const directory = await runbookDirectory([], ['services:', `  db: { image: "${image}" }`, '  web: {}']);
  expect(await readPostgresMajor(join(directory, 'stack'), 'db')).toBe(major);
  expect(await readPostgresMajor(join(directory, 'stack'), 'web')).toBeNull();
});
