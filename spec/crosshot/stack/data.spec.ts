import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type SpecDatabase } from '../../support/database.ts';
import { checksums } from '../checksum.ts';
import { createSeeded, loadData, type Size } from './data.ts';

const databases: SpecDatabase[] = [];

afterAll(() => Promise.all(databases.map((database) => database.drop())));

async function seeded(size: Size): Promise<Client> {
  const { database, client } = await createSeeded(size);
  databases.push(database);
  return client;
}

async function rowsOf(client: Client, sql: string): Promise<Record<string, unknown>[]> {
  return (await client.query(sql)).rows;
}

const COUNTS = `
  SELECT (SELECT count(*)::int FROM contents) AS contents,
         (SELECT count(*)::int FROM contents WHERE topic_id IS NULL AND user_id IS NULL) AS orphans`;

describe.each([
  ['small', 778],
  ['medium', 5038],
  ['large', 49_798],
] as const)('the %s data', (size, contents) => {
  let client: Client;

  beforeAll(async () => {
    client = await seeded(size);
  });

  it(`has ${contents} contents, and none is an orphan`, async () => {
    expect(await rowsOf(client, COUNTS)).toEqual([{ contents, orphans: 0 }]);
  });

  it('has five active topics, of which these three have contents', async () => {
    const topics = await rowsOf(
      client,
      `SELECT name, EXISTS (SELECT FROM contents c WHERE c.topic_id = t.id) AS has_contents
       FROM topics t WHERE status = 'active' ORDER BY name`,
    );
    expect(topics).toEqual([
      { name: 'AI Safety Research', has_contents: true },
      { name: 'Climate Tech', has_contents: false },
      { name: 'Ocean Restoration', has_contents: false },
      { name: 'Quantum Computing', has_contents: true },
      { name: 'Urban Mobility', has_contents: true },
    ]);
  });

  it('has the numbers of the runbook’s example', async () => {
    const [example] = await rowsOf(
      client,
      `SELECT count(*)::int AS contents, min(c.crawled_at) AS first, t.last_crawl_at AS last,
              extract(epoch FROM t.last_crawl_at - min(c.crawled_at))::float8 / 3600 AS hours
       FROM topics t JOIN contents c ON c.topic_id = t.id WHERE t.name = 'AI Safety Research' GROUP BY t.id`,
    );
    expect(example).toEqual({
      contents: 247,
      first: new Date('2025-01-15T09:00:00Z'),
      last: new Date('2025-02-28T09:30:00Z'),
      hours: 1056.5,
    });
  });

  it('says of each entity how many contents it has', async () => {
    const wrong = await rowsOf(
      client,
      `SELECT name FROM topics e WHERE total_contents <> (SELECT count(*) FROM contents WHERE topic_id = e.id)
       UNION ALL
       SELECT name FROM users e WHERE total_contents <> (SELECT count(*) FROM contents WHERE user_id = e.id)`,
    );
    expect(wrong).toEqual([]);
  });

  it('has all of an entity’s contents crawled by tasks that name it', async () => {
    const wrong = await rowsOf(
      client,
      `SELECT c.id FROM contents c JOIN tasks k ON k.id = c.task_id
       WHERE (k.payload ->> 'topic_id')::uuid IS DISTINCT FROM c.topic_id
         AND (k.payload ->> 'user_id')::uuid IS DISTINCT FROM c.user_id`,
    );
    expect(wrong).toEqual([]);
  });

  it('leaves nothing of its making behind in the session', async () => {
    const tables = await rowsOf(
      client,
      `SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind IN ('r', 'v')`,
    );
    expect(tables).toEqual([]);
  });
});

describe('the small data', () => {
  let client: Client;

  beforeAll(async () => {
    client = await seeded('small');
  });

  it('is the same in another database, whatever time zone its session is in', async () => {
    const database = await createDatabase();
    databases.push(database);
    const other = await database.connect();
    await other.query(`SET TIME ZONE 'Pacific/Auckland'`);
    await loadData(other, 'small');
    await other.query('RESET TIME ZONE');
    expect(await checksums(other)).toEqual(await checksums(client));
  });

  it('asks neither the clock nor chance', async () => {
    const sql = await readFile(resolve(import.meta.dirname, '../../../fixtures/data/generate.sql'), 'utf8');
    const statements = sql.replace(/--.*$/gm, '');
    expect(statements).not.toMatch(/\b(now|random|clock_timestamp|gen_random_uuid|setseed)\s*\(|current_/i);
  });

  it('has rows in every table', async () => {
    const sums = Object.entries(await checksums(client)).filter(([name]) => !name.endsWith('_seq'));
    expect(sums).toHaveLength(10);
    expect(sums.filter(([, sum]) => sum.startsWith('0 rows'))).toEqual([]);
  });

  // Each a condition that at least one row of the table must fulfil.
  it.each([
    ['contents', 'a text of tens of kilobytes', 'octet_length(text) > 20000'],
    ['contents', 'emoji', `text LIKE '%🧪%'`],
    ['contents', 'Arabic', `text ~ '[\u0600-\u06ff]{4}'`],
    ['contents', 'Hebrew', `text ~ '[\u05d0-\u05ea]{4}'`],
    [
      'contents',
      'quotes, backslashes, tabs and both kinds of newline',
      String.raw`text ~ '".*''.*\\.*\n\t.*\r\n'`,
    ],
    ['contents', 'HTML', `text LIKE '%<script>%'`],
    ['contents', 'an empty text', `text = ''`],
    ['contents', 'no text', 'text IS NULL'],
    ['contents', 'no id on its platform', 'platform_content_id IS NULL'],
    ['contents', 'measures that are no numbers', `jsonb_typeof(metrics -> 'likes') = 'string'`],
    ['contents', 'no measures', `metrics = '{}'`],
    ['contents', 'a topic and a user both', 'topic_id IS NOT NULL AND user_id IS NOT NULL'],
    ['contents', 'a user alone', 'topic_id IS NULL AND user_id IS NOT NULL'],
    ['topics', 'paused, with contents', `status = 'paused' AND total_contents > 1`],
    ['topics', 'paused, without contents', `status = 'paused' AND total_contents = 0`],
    ['topics', 'cancelled, with contents', `status = 'cancelled' AND total_contents > 0`],
    ['topics', 'an empty summary, with contents', `last_summary = '' AND total_contents > 0`],
    ['topics', 'no summary, with contents', 'last_summary IS NULL AND total_contents > 0'],
    ['topics', 'a summary of tens of kilobytes', 'length(last_summary) > 15000'],
    [
      'topics',
      'one content only, crawled at last_crawl_at',
      'total_contents = 1 AND last_crawl_at = (SELECT crawled_at FROM contents WHERE topic_id = topics.id)',
    ],
    ['users', 'paused, with contents', `status = 'paused' AND total_contents > 0`],
    ['users', 'active, without contents', `status = 'active' AND total_contents = 0`],
    ['users', 'never noted as crawled, with contents', 'last_crawl_at IS NULL AND total_contents > 0'],
    [
      'users',
      'a content newer than last_crawl_at',
      'last_crawl_at < (SELECT max(crawled_at) FROM contents c WHERE c.user_id = users.id)',
    ],
    ['users', 'summary_data: SQL null, with contents', 'summary_data IS NULL AND total_contents > 0'],
    ...['null', 'array', 'string', 'number'].map((type) => [
      'users',
      `summary_data: JSON ${type}`,
      `jsonb_typeof(summary_data) = '${type}'`,
    ]),
    ['users', 'summary_data without metrics', `summary_data ? 'insights' AND NOT summary_data ? 'metrics'`],
    ['users', 'summary_data without insights', `summary_data ? 'metrics' AND NOT summary_data ? 'insights'`],
    ['users', 'metrics that are no object', `jsonb_typeof(summary_data -> 'metrics') = 'string'`],
    ['users', 'quotes and a backslash in a name', String.raw`name ~ '".*''.*\\'`],
    ['tasks', 'one that failed', `status = 'failed' AND error IS NOT NULL`],
    ['tasks', 'one that waits', `status = 'pending' AND started_at IS NULL`],
  ])('has in %s: %s', async (table, _what, condition) => {
    const [found] = await rowsOf(client, `SELECT count(*)::int AS n FROM ${table} WHERE ${condition}`);
    expect(found?.n).toBeGreaterThan(0);
  });
});
