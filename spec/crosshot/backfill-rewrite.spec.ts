import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runBackfill } from '../../tools/crosshot/backfill/run.ts';
import type { Connection } from '../../tools/crosshot/migrate/run-step.ts';
import { createDatabase, type SpecDatabase } from '../support/database.ts';
import { after } from './catalog/expected.ts';
import { readCatalog } from './catalog/read.ts';
import { checksums } from './checksum.ts';
import { command } from './command.ts';
import { connectionTo, createMigrated } from './databases.ts';
import { schemaDump } from './schema-dump.ts';
import { addContent, addPeriod, addTopic, addUser } from './seed.ts';

/** Nine contents: six are due, one is linked to a period that is not its topic's newest, two get none. */
let seeded: SpecDatabase;
let database: SpecDatabase;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  seeded = await createMigrated();
  const client = await seeded.connect();
  const [topic_id, user_id] = [await addTopic(client), await addUser(client)];
  const [kept, failed] = [await addTopic(client), await addTopic(client)];
  const old = await addPeriod(client, { entity_id: kept, period_number: 0 });
  await addPeriod(client, { entity_id: kept, period_number: 1 });
  await addPeriod(client, { entity_id: failed, period_number: 0, status: 'failed' });
  for (const row of [
    ...[{ topic_id }, { topic_id }, { user_id }, { topic_id, user_id }, { topic_id: kept }],
    ...[{ topic_id: kept, analysis_period_id: old }, { topic_id: failed, user_id }, { topic_id: failed }, {}],
  ]) {
    await addContent(client, { ...row, discovered_at: '2025-03-03T00:00:00Z' });
  }
  await seeded.disconnect();
});
beforeEach(async () => {
  database = await createDatabase(seeded.name);
  connection = await connectionTo(database);
  client = await database.connect();
});
afterEach(() => database.drop());
afterAll(() => seeded.drop());

const run = (on = connection) =>
  runBackfill(on, { dryRun: false, say: () => undefined, warn: () => undefined });

/** Which file the table is in: a rewrite makes another. */
async function fileOf(table = 'contents'): Promise<string> {
  const { rows } = await client.query('SELECT pg_relation_filenode($1) AS file', [table]);
  return rows[0].file;
}

/** Runs the backfill, and says in which way it made the links. */
async function wayOf(work: () => Promise<unknown> = run): Promise<'rewrite' | 'update'> {
  const before = await fileOf();
  await work();
  return (await fileOf()) === before ? 'update' : 'rewrite';
}

const isLinked = ({ period_number }: { period_number: number | null }) => period_number !== null;

/** A session that holds a lock on contents, as whoever reads it in a transaction does. */
async function readerOf(of: SpecDatabase): Promise<Client> {
  const reader = await of.connect();
  await reader.query('BEGIN; SELECT FROM contents');
  return reader;
}

/** A session that has a snapshot, as pg_dump has from its first look at the catalog on, and no lock on contents. */
async function snapshotOf(of: SpecDatabase): Promise<Client> {
  const reader = await of.connect();
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM topics');
  return reader;
}

async function countsIn(reader: Client) {
  const { rows } = await reader.query(
    'SELECT count(*)::integer AS contents, count(analysis_period_id)::integer AS linked FROM contents',
  );
  return rows[0];
}

/** Lets a rewrite wait for this session at the first content that it leaves unlinked, when others are written. */
async function holdRewrite(): Promise<void> {
  await client.query(`
    CREATE FUNCTION hold(period uuid) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      IF period IS NULL THEN PERFORM pg_advisory_xact_lock(1); END IF;
      RETURN true;
    END $$;
    ALTER TABLE contents ADD CONSTRAINT hold CHECK (hold(analysis_period_id))`);
  await client.query('SELECT pg_advisory_lock(1)');
}

const held = async (): Promise<{ pid: number }[]> =>
  (
    await client.query(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'
         AND query LIKE 'ALTER TABLE contents%'`,
    )
  ).rows;

/** All of contents, with the periods told by what they are of, as their ids are made by chance. */
async function links() {
  const { rows } = await client.query(`
    SELECT contents.*, NULL AS analysis_period_id, entity_type, period_number,
      period.entity_id = contents.user_id AS of_user, period.entity_id = contents.topic_id AS of_topic
    FROM contents LEFT JOIN analysis_periods AS period ON period.id = analysis_period_id
    ORDER BY contents.id`);
  return rows;
}

test('a rewrite leaves the rows that the UPDATEs leave', async () => {
  expect(await wayOf()).toBe('rewrite');
  const rewritten = await links();
  await database.drop();
  database = await createDatabase(seeded.name);
  connection = await connectionTo(database);
  client = await database.connect();
  await readerOf(database);
  expect(await wayOf()).toBe('update');
  expect(await links()).toEqual(rewritten);
  expect(rewritten.filter(isLinked)).toHaveLength(7);
});

test('the schema is the same afterwards, to the last comment, privilege and setting', async () => {
  await client.query(`
    COMMENT ON COLUMN contents.analysis_period_id IS 'a';
    COMMENT ON COLUMN contents.discovered_at IS 'b';
    COMMENT ON INDEX idx_contents_period IS 'c';
    COMMENT ON CONSTRAINT fk_contents_analysis_period ON contents IS 'd';
    GRANT SELECT (discovered_at), UPDATE (analysis_period_id) ON contents TO PUBLIC;
    ALTER TABLE contents ALTER COLUMN analysis_period_id SET STATISTICS 500,
      ALTER COLUMN discovered_at SET (n_distinct = 7),
      ALTER COLUMN data SET STORAGE EXTERNAL, ALTER COLUMN text SET STORAGE MAIN, CLUSTER ON idx_contents_discovered_at;
    ALTER TABLE contents SET (fillfactor = 80, toast.autovacuum_enabled = false);
    ALTER INDEX idx_contents_period SET (fillfactor = 70);
    ALTER TABLE contents DROP CONSTRAINT contents_user_id_fkey;
    ALTER TABLE contents ADD CONSTRAINT contents_user_id_fkey FOREIGN KEY (user_id) REFERENCES users NOT VALID;
    CREATE STATISTICS both_columns ON analysis_period_id, discovered_at FROM contents`);
  const before = await schemaDump(database);
  expect(await wayOf()).toBe('rewrite');
  expect(await schemaDump(database)).toBe(before);
});

test('the catalog is that of head, and nothing is left in the session', async () => {
  expect(await wayOf()).toBe('rewrite');
  expect(await readCatalog(client)).toEqual(after);
  const left = await connection.client.query(
    `SELECT proname FROM pg_proc WHERE pronamespace = pg_my_temp_schema()
     UNION ALL SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()`,
  );
  expect(left.rows).toEqual([]);
});

test('a long text that was compressed is as long afterwards, and so is one that was not', async () => {
  await client.query(`UPDATE contents SET text = CASE WHEN user_id IS NULL THEN repeat('long', 30000)
    ELSE (SELECT string_agg(md5(n::text), NULL) FROM generate_series(1, 90) AS n) END`);
  await client.query('VACUUM FULL contents');
  const stored = async () =>
    (await client.query('SELECT id, length(text), pg_column_size(text) AS bytes FROM contents ORDER BY id'))
      .rows;
  const before = await stored();
  expect(before.some(({ length, bytes }) => bytes < length / 10)).toBe(true);
  expect(await wayOf()).toBe('rewrite');
  expect(await stored()).toEqual(before);
});

test('the planner knows the new values', async () => {
  await client.query('ANALYZE contents');
  await run();
  const { rows } = await client.query(
    `SELECT attname, null_frac > 0 AS has_nulls FROM pg_stats WHERE tablename = 'contents'
       AND attname IN ('analysis_period_id', 'discovered_at', 'crawled_at') ORDER BY attname`,
  );
  expect(rows).toEqual([
    { attname: 'analysis_period_id', has_nulls: true },
    { attname: 'crawled_at', has_nulls: false },
    { attname: 'discovered_at', has_nulls: false },
  ]);
});

test('what is linked already is updated no more, and a few that came since are updated', async () => {
  await run();
  const before = await links();
  expect(await wayOf()).toBe('update');
  expect(await links()).toEqual(before);
  await addContent(client, { topic_id: await addTopic(client) });
  expect(await wayOf()).toBe('update');
  expect((await links()).filter(isLinked)).toHaveLength(8);
});

const NOTHING = 'CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;';
const EVENT =
  'CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION $e$no$e$; END $$;';
const GENERATED =
  'ALTER TABLE contents ADD COLUMN copy timestamptz GENERATED ALWAYS AS (discovered_at) STORED';
const INVALID = `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_contents_platform'::regclass`;
const LONG =
  'UPDATE contents SET text = (SELECT string_agg(md5(n::text), NULL) FROM generate_series(1, 5000) AS n)';

describe('contents are updated, and linked all the same,', () => {
  test.each([
    ['a trigger', `${NOTHING} CREATE TRIGGER t AFTER UPDATE ON contents EXECUTE FUNCTION nothing()`],
    ['a rule', 'CREATE RULE r AS ON DELETE TO contents DO ALSO SELECT 1'],
    ['row security', 'ALTER TABLE contents ENABLE ROW LEVEL SECURITY'],
    ['a foreign key whose triggers are off', 'ALTER TABLE contents DISABLE TRIGGER ALL'],
    ['one whose triggers are off at its other end', 'ALTER TABLE analysis_periods DISABLE TRIGGER ALL'],
    ['a publication of the table', 'CREATE PUBLICATION p FOR TABLE contents'],
    ['one of all tables', 'CREATE PUBLICATION p FOR ALL TABLES'],
    ['an event trigger', `${EVENT} CREATE EVENT TRIGGER e ON table_rewrite EXECUTE FUNCTION refuse()`],
    ['a view of a column', 'CREATE VIEW v AS SELECT discovered_at FROM contents'],
    ['a materialized view', 'CREATE MATERIALIZED VIEW v AS SELECT analysis_period_id FROM contents'],
    ['a generated column', GENERATED],
    ['a column of its row type', 'CREATE TABLE other (content contents)'],
    ['a child', 'CREATE TABLE child () INHERITS (contents)'],
    ['an index that is not valid', INVALID],
    ['texts outside the rows that are more than the rows', LONG],
  ])('where the database has %s', async (_, prepare) => {
    await client.query(prepare);
    expect(await wayOf()).toBe('update');
    expect((await links()).filter(isLinked)).toHaveLength(7);
  });
  test('where a link that is there already leads nowhere', async () => {
    await client.query(`SET session_replication_role = replica;
      UPDATE contents SET analysis_period_id = gen_random_uuid() WHERE analysis_period_id IS NOT NULL`);
    expect(await wayOf()).toBe('update');
  });
  test('where the role may update the table and does not own it', async () => {
    const role = `role_of_${database.name}`;
    await client.query(`CREATE ROLE ${role};
      GRANT SELECT, INSERT, UPDATE ON topics, users, contents, analysis_periods, alembic_version TO ${role}`);
    try {
      await connection.client.query(`SET ROLE ${role}`);
      expect(await wayOf()).toBe('update');
    } finally {
      await connection.client.end();
      await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

describe('whoever reads meanwhile', () => {
  test('is not locked out: contents are updated', async () => {
    await readerOf(database);
    expect(await wayOf()).toBe('update');
  });
  test('sees the contents it saw, where it has looked at another table only', async () => {
    const reader = await snapshotOf(database);
    expect(await wayOf()).toBe('update');
    expect(await countsIn(reader)).toEqual({ contents: 9, linked: 1 });
  });
  test('sees them, too, where it began while the table was rewritten', async () => {
    await holdRewrite();
    const running = run();
    await vi.waitFor(async () => expect(await held()).toHaveLength(1), { timeout: 120_000 });
    const before = await fileOf();
    const reader = await snapshotOf(database);
    const counts = countsIn(reader);
    await client.query('SELECT pg_advisory_unlock(1)');
    await running;
    expect(await counts).toEqual({ contents: 9, linked: 1 });
    await reader.query('COMMIT');
    expect(await countsIn(reader)).toEqual({ contents: 9, linked: 7 });
    expect(await fileOf()).toBe(before);
  });
});

test('killed in the middle of a rewrite, it leaves nothing', async () => {
  const before = await checksums(client);
  const file = await fileOf();
  await holdRewrite();
  const running = command('backfill', [], { DATABASE_URL: database.url });
  await vi.waitFor(async () => expect(await held()).toHaveLength(1), { timeout: 120_000 });
  const { pid } = (await held())[0] as { pid: number };
  running.kill('SIGKILL');
  expect(await running).toMatchObject({ signal: 'SIGKILL' });
  await client.query('SELECT pg_advisory_unlock(1)');
  await vi.waitFor(
    async () =>
      expect((await client.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rows).toEqual([]),
    { timeout: 120_000 },
  );
  await client.query('ALTER TABLE contents DROP CONSTRAINT hold');
  expect({ sums: await checksums(client), file: await fileOf() }).toEqual({ sums: before, file });
});

test('a dry run neither rewrites nor updates a row', async () => {
  const file = await fileOf();
  const places = async () => (await client.query('SELECT id, ctid FROM contents ORDER BY id')).rows;
  const before = await places();
  await runBackfill(connection, { dryRun: true, say: () => undefined, warn: () => undefined });
  await client.query('VACUUM contents');
  const { rows } = await client.query(
    `SELECT pg_relation_size('contents') / current_setting('block_size')::integer AS pages`,
  );
  expect({ file: await fileOf(), places: await places(), rows }).toEqual({
    file,
    places: before,
    rows: [{ pages: '1' }],
  });
});
