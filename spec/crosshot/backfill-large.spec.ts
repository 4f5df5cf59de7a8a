import type { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBackfill } from '../../tools/crosshot/backfill/run.ts';
import type { Connection } from '../../tools/crosshot/migrate/run-step.ts';
import type { SpecDatabase } from '../support/database.ts';
import { connectionTo, createBaseline, migrate } from './databases.ts';

/** A hundred thousand contents of 200 topics and 100 users, a third of them of both. */
const CONTENTS = 100_000;

let database: SpecDatabase;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  database = await createBaseline();
  connection = await connectionTo(database);
  client = connection.client;
  await client.query(SEED);
  await migrate(connection, 'upgrade', 'head');
});
afterAll(() => database.drop());

const SEED = `
  INSERT INTO tasks (id, label, priority, status, payload, created_at, retry_count, max_retries)
  VALUES (md5('task')::uuid, 'crawler', 1, 'completed', '{}', now(), 0, 3);
  INSERT INTO topics (id, type, name, icon, platforms, keywords, config, status, is_pinned, position,
    total_contents, created_at, updated_at)
  SELECT md5('topic' || n)::uuid, 'topic', 'Topic ' || n, 'x', '{}', '{}', '{}', 'active', false, n,
    0, now(), now()
  FROM generate_series(0, 199) AS n;
  INSERT INTO users (id, name, platform, profile_url, config, status, is_pinned, position, total_contents,
    created_at, updated_at)
  SELECT md5('user' || n)::uuid, 'User ' || n, 'x', '', '{}', 'active', false, n, 0, now(), now()
  FROM generate_series(0, 99) AS n;
  INSERT INTO contents (id, task_id, topic_id, user_id, platform, source_url, crawled_at, hashtags,
    media_downloaded, metrics, data)
  SELECT md5('content' || n)::uuid, md5('task')::uuid,
    CASE WHEN n % 3 < 2 THEN md5('topic' || n % 200)::uuid END,
    CASE WHEN n % 3 > 0 THEN md5('user' || n % 100)::uuid END,
    'x', '', timestamptz '2025-01-01Z' + n * interval '1 minute', '{}', false, '{}', '{}'
  FROM generate_series(1, ${CONTENTS}) AS n`;

interface Sampled {
  id: string;
  topic_id: string | null;
  user_id: string | null;
  crawled_at: Date;
  discovered_at: Date;
  analysis_period_id: string;
}

test('all are linked, and every hundredth, re-read by itself, is linked rightly', async () => {
  const result = await runBackfill(connection, {
    dryRun: false,
    say: () => undefined,
    warn: () => undefined,
  });
  expect(result).toEqual({ linked: CONTENTS, unlinked: 0 });
  for (let n = 50; n <= CONTENTS; n += 100) {
    const { rows } = await client.query<Sampled>(
      `SELECT * FROM contents WHERE id = md5('content' || $1)::uuid`,
      [n],
    );
    const [content] = rows as [Sampled];
    const period = await client.query('SELECT * FROM analysis_periods WHERE id = $1', [
      content.analysis_period_id,
    ]);
    const { entity_type, entity_id, period_start, period_end } = period.rows[0];
    const owner = content.user_id === null ? ['topic', content.topic_id] : ['user', content.user_id];
    expect([entity_type, entity_id]).toEqual(owner);
    expect(content.discovered_at).toEqual(content.crawled_at);
    expect(content.crawled_at >= period_start && content.crawled_at <= period_end).toBe(true);
  }
});

test('every period counts the contents of its topic or user', async () => {
  const { rows } = await client.query(`
    SELECT count(*)::integer AS periods, count(*) FILTER (WHERE content_count = counted)::integer AS right
    FROM analysis_periods
    LEFT JOIN (
      SELECT topic_id AS entity_id, count(*) AS counted FROM contents GROUP BY topic_id
      UNION ALL SELECT user_id, count(*) FROM contents GROUP BY user_id
    ) AS crawled USING (entity_id)`);
  expect(rows).toEqual([{ periods: 300, right: 300 }]);
});
