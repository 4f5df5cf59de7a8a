import type { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runBackfill } from '../../tools/crosshot/backfill/run.ts';
import type { Connection } from '../../tools/crosshot/migrate/run-step.ts';
import type { SpecDatabase } from '../support/database.ts';
import { afterDowngrade } from './catalog/expected.ts';
import { readCatalog } from './catalog/read.ts';
import { checksums, type Shape, shapeOf } from './checksum.ts';
import { connectionTo, createBaseline, migrate } from './databases.ts';
import { schemaDump } from './schema-dump.ts';
import { addContent, addPeriod, addTopic, addUser } from './seed.ts';

let database: SpecDatabase;
let connection: Connection;
let client: Client;
let shape: Shape;
let before: Record<string, string>;

beforeEach(async () => {
  database = await createBaseline();
  connection = await connectionTo(database);
  client = connection.client;
  await fill(client);
  shape = await shapeOf(client);
  before = await checksums(client);
});
afterEach(() => database.drop());

const backfill = () =>
  runBackfill(connection, { dryRun: false, say: () => undefined, warn: () => undefined });

/** Rows in each of the ten old tables. */
async function fill(client: Client): Promise<void> {
  const topic = await addTopic(client, {
    summary_data: '{"insights": {"a": "📊"}}',
    last_summary: 'x'.repeat(30_000),
  });
  const user = await addUser(client, { summary_data: '[1, 2]', status: 'paused' });
  const content = await addContent(client, {
    topic_id: topic,
    user_id: user,
    text: 'مرحبا',
    hashtags: ['a', 'b'],
  });
  await addContent(client, { topic_id: topic });
  await client.query(
    `WITH ids AS (SELECT $1::uuid AS topic, $2::uuid AS owner, $3::uuid AS content),
       link AS (INSERT INTO topic_users SELECT topic, owner FROM ids),
       media AS (INSERT INTO content_media (content_id, media_type, url, position)
                 SELECT content, 'image', 'u', 0 FROM ids),
       chat AS (INSERT INTO chat_messages (entity_type, entity_id, role, content, is_archived, created_at)
                SELECT 'topic', topic, 'user', 'hello', false, now() FROM ids),
       metric AS (INSERT INTO metric_snapshots
                  SELECT gen_random_uuid(), 'topic', topic, now(), '{"likes": 1}' FROM ids),
       note AS (INSERT INTO analysis_notes
                SELECT gen_random_uuid(), 'topic', topic, 'n', 'c', true, now() FROM ids)
     INSERT INTO alerts SELECT gen_random_uuid(), 'topic', topic, 'info', 'm', now() FROM ids`,
    [topic, user, content],
  );
}

test('the data fills all ten tables', () => {
  expect(Object.keys(shape)).toHaveLength(10);
  expect(Object.values(before).filter((sum) => sum.startsWith('0 rows'))).toEqual([]);
});

test('a checksum changes with any row', async () => {
  await client.query(`UPDATE alerts SET message = 'other'`);
  const { alerts, ...others } = before;
  expect(await checksums(client)).toMatchObject(others);
  expect((await checksums(client)).alerts).not.toBe(alerts);
});

test('the migration changes no old row, and the backfill none of their old columns', async () => {
  for (const _ of [1, 2, 3]) {
    await migrate(connection, 'upgrade', '+1');
    expect(await checksums(client, shape)).toEqual(before);
  }
  expect(await backfill()).toEqual({ linked: 2, unlinked: 0 });
  expect(await checksums(client, shape)).toEqual(before);
});

describe('after a downgrade to base, schema and data are what they were:', () => {
  const comesBack = async () => {
    await migrate(connection, 'downgrade', 'base');
    expect(await readCatalog(client)).toEqual(afterDowngrade);
    expect(await checksums(client)).toEqual(before);
  };
  test('before the backfill', async () => {
    await migrate(connection, 'upgrade', 'head');
    await comesBack();
  });
  test('after the backfill', async () => {
    await migrate(connection, 'upgrade', 'head');
    await backfill();
    await comesBack();
  });
  test('after Period 1, and then forward again', async () => {
    await migrate(connection, 'upgrade', 'head');
    await backfill();
    const { rows } = await client.query('SELECT id FROM topics');
    const period = await addPeriod(client, {
      entity_id: rows[0].id,
      period_number: 1,
      period_start: '2999-01-01',
      period_end: '2999-01-02',
    });
    await client.query('UPDATE chat_messages SET period_id = $1', [period]);
    await client.query('UPDATE tasks SET period_id = $1, duration_seconds = 3', [period]);
    await comesBack();
    await migrate(connection, 'upgrade', 'head');
    expect(await backfill()).toEqual({ linked: 2, unlinked: 0 });
  });
  test('also to pg_dump', async () => {
    // What may stay behind is there from the beginning.
    await client.query('CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm');
    const first = await schemaDump(database);
    await migrate(connection, 'upgrade', 'head');
    expect(await schemaDump(database)).not.toBe(first);
    await migrate(connection, 'downgrade', 'base');
    expect(await schemaDump(database)).toBe(first);
  });
});
