import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withTemporalLock } from '../../tools/crosshot/database/lock.ts';
import { move } from '../../tools/crosshot/migrate/move.ts';
import { loadRevisions } from '../../tools/crosshot/migrate/revisions.ts';
import { planOffline, scriptOf } from '../../tools/crosshot/migrate/script.ts';
import type { SpecDatabase } from '../support/database.ts';
import { after, afterDowngrade, before } from './catalog/expected.ts';
import { readCatalog } from './catalog/read.ts';
import { connectionTo, createBaseline, migrate } from './databases.ts';

const revisions = await loadRevisions();
const ALL = [' -> 20260301_0100', '20260301_0100 -> 20260301_0200', '20260301_0200 -> 20260301_0300'];

let database: SpecDatabase;

beforeEach(async () => {
  database = await createBaseline();
});
afterEach(() => database.drop());

const query = async (sql: string) => (await database.connect()).query(sql);

const storedVersions = async () =>
  (await query('SELECT version_num FROM alembic_version')).rows.flatMap(Object.values);

/** The table as Alembic itself makes it, at a revision whose SQL has run. */
async function migratedByAlembic(count: number): Promise<void> {
  for (const { upFile } of revisions.slice(0, count)) await query(await readFile(upFile, 'utf8'));
  await query(`
    CREATE TABLE alembic_version (
      version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    )`);
  await query(`INSERT INTO alembic_version VALUES ('${revisions[count - 1]?.id}')`);
}

/** `file:line:column` of the statement that begins so, in an up file. */
async function placeOf(index: number, beginning: string): Promise<string> {
  const file = revisions[index]?.upFile ?? '';
  const lines = (await readFile(file, 'utf8')).split('\n');
  return `${relative('', file)}:${1 + lines.findIndex((line) => line.startsWith(beginning))}:1`;
}

test.each([1, 2])('a database that Alembic left at revision %i is continued', async (count) => {
  await migratedByAlembic(count);
  expect(await migrate(await connectionTo(database), 'upgrade', 'head')).toEqual(ALL.slice(count));
  expect(await readCatalog(await database.connect())).toEqual(after);
});

test('an unknown version is refused, and nothing runs', async () => {
  await migratedByAlembic(1);
  await query(`UPDATE alembic_version SET version_num = 'feedbeef'`);
  const connection = await connectionTo(database);
  await expect(migrate(connection, 'upgrade', 'head')).rejects.toThrow(
    '"feedbeef", a revision that is not among',
  );
  expect(await storedVersions()).toEqual(['feedbeef']);
});

test('two rows in alembic_version are refused', async () => {
  await migratedByAlembic(1);
  await query(`INSERT INTO alembic_version VALUES ('20260301_0200')`);
  await expect(migrate(await connectionTo(database), 'upgrade', 'head')).rejects.toThrow(
    'alembic_version holds 2 rows',
  );
});

test('a failing statement is shown with its place, and its whole revision is rolled back', async () => {
  await query('CREATE TABLE temporal_events ()');
  await expect(migrate(await connectionTo(database), 'upgrade', 'head')).rejects.toThrow(
    `${await placeOf(0, 'CREATE TABLE temp')}: relation "temporal_events" already exists (SQLSTATE 42P07)`,
  );
  await query('DROP TABLE temporal_events');
  expect(await readCatalog(await database.connect())).toEqual(before);
});

test('of two upgrades at once, one runs every revision and the other finds nothing to do', async () => {
  const sessions = [await connectionTo(database), await connectionTo(database)];
  const ran = await Promise.all(sessions.map((connection) => migrate(connection, 'upgrade', 'head')));
  expect(ran.sort((one, other) => one.length - other.length)).toEqual([[], ALL]);
});

test('an upgrade that waits for another says for whom, and reads the version only after it', async () => {
  const [first, second] = [await connectionTo(database), await connectionTo(database)];
  const { rows } = await first.client.query('SELECT pg_backend_pid() AS pid');
  let waits: Promise<string[]> | undefined;
  await withTemporalLock(
    first.client,
    () => undefined,
    async () => {
      const warning = await new Promise<string>((warn) => {
        const steps: string[] = [];
        const asked = { direction: 'upgrade', destination: 'head', revisions } as const;
        waits = move(second, asked, { onStep: ({ to }) => steps.push(`${to}`), warn }).then(() => steps);
      });
      expect(warning).toContain(`pid ${rows[0].pid}`);
      await migratedByAlembic(2);
    },
  );
  expect(await waits).toEqual(['20260301_0300']);
});

test.each([
  ['removes', 'DELETE FROM alembic_version', []],
  ['changes', `UPDATE alembic_version SET version_num = 'feedbeef'`, ['feedbeef']],
])(
  'what %s the version row meanwhile is noticed, and the revision is rolled back',
  async (_, change, left) => {
    await migrate(await connectionTo(database), 'upgrade', '+1');
    const [holder, other] = [await database.connect(), await database.connect()];
    const tables = await readCatalog(other);
    await holder.query('BEGIN; LOCK TABLE users');
    const connection = await connectionTo(database, 60_000);
    const { rows } = await connection.client.query('SELECT pg_backend_pid() AS pid');
    const failure = migrate(connection, 'upgrade', 'head').catch(String);
    const waits = `SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'`;
    await vi.waitFor(async () => expect((await other.query(waits, [rows[0].pid])).rowCount).toBe(1), 30_000);
    await other.query(change);
    await holder.query('COMMIT');
    expect(await failure).toContain('the version was no longer 20260301_0100: something else migrates');
    expect(await readCatalog(other)).toEqual(tables);
    expect(await storedVersions()).toEqual(left);
  },
);

test('a lock that is held too long is given up, naming who holds it, and nothing stays', async () => {
  const holder = await database.connect();
  const { rows } = await holder.query('SELECT pg_backend_pid() AS pid');
  await migrate(await connectionTo(database), 'upgrade', '+1');
  await holder.query('BEGIN');
  await holder.query('SELECT FROM users');
  const failure = await migrate(await connectionTo(database, 1000), 'upgrade', 'head').catch(String);
  expect(failure).toContain(
    `${await placeOf(1, 'ALTER TABLE users')}: canceling statement due to lock timeout`,
  );
  expect(failure).toContain(`held by pid ${rows[0].pid} (crosshot, idle in transaction): SELECT FROM users`);
  expect(await storedVersions()).toEqual(['20260301_0100']);
});

test('a role that may not create extensions is told what to do', async () => {
  const role = `plain_${randomBytes(4).toString('hex')}`;
  await query(`CREATE ROLE ${role} LOGIN`);
  const client = new pg.Client({ connectionString: database.url.replace('crosshot@', `${role}@`) });
  await client.connect();
  const connection = { ...(await connectionTo(database)), client };
  await expect(migrate(connection, 'upgrade', 'head')).rejects.toThrow(
    /permission denied to create extension "btree_gist" \(SQLSTATE 42501\).*As a superuser/s,
  );
  await client.end();
  await query(`DROP ROLE ${role}`);
});

describe('--sql', () => {
  test('makes the same schema when it is run as a script, up and down', async () => {
    const script = async (direction: 'upgrade' | 'downgrade', destination: string) =>
      scriptOf(planOffline({ direction, destination, revisions }));
    await query(await script('upgrade', 'head'));
    expect(await readCatalog(await database.connect())).toEqual(after);
    expect(await storedVersions()).toEqual(['20260301_0300']);
    await query(await script('downgrade', 'head:base'));
    expect(await readCatalog(await database.connect())).toEqual(afterDowngrade);
    expect(await storedVersions()).toEqual([]);
  });
});
