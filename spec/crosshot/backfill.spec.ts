import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runBackfill } from '../../tools/crosshot/backfill/run.ts';
import type { Connection } from '../../tools/crosshot/migrate/run-step.ts';
import type { SpecDatabase } from '../support/database.ts';
import { checksums } from './checksum.ts';
import { connectionTo, createMigrated, migrate } from './databases.ts';
import { addContent, addPeriod, addTopic, addUser } from './seed.ts';

let database: SpecDatabase;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  database = await createMigrated();
  connection = await connectionTo(database);
  client = await database.connect();
});
beforeEach(async () => {
  await client.query('TRUNCATE topics, users, tasks, contents, analysis_periods CASCADE');
});
afterAll(() => database.drop());

/** Runs the backfill; what it reported, and its counts. */
async function backfill({ dryRun = false } = {}) {
  const lines: string[] = [];
  const result = await runBackfill(connection, {
    dryRun,
    say: (line) => lines.push(line),
    warn: () => undefined,
  });
  return { ...result, report: lines.join('\n') };
}

const rowsOf = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows;
const periodsOf = (entity: string) =>
  rowsOf('SELECT * FROM analysis_periods WHERE entity_id = $1 ORDER BY period_number', [entity]);
const contentOf = async (id: string) => (await rowsOf('SELECT * FROM contents WHERE id = $1', [id]))[0];
const at = (text: string) => new Date(`${text}Z`);

test('a topic with contents gets Period 0, its five columns, and its contents linked', async () => {
  const topic = await addTopic(client, {
    last_crawl_at: at('2025-02-28T08:30:00'),
    last_summary: 'What happened',
    summary_data: '{"insights": {"a": [1]}, "metrics": {"likes": 2}, "other": 1}',
  });
  const first = await addContent(client, { topic_id: topic, crawled_at: at('2025-01-15T08:00:00') });
  const second = await addContent(client, { topic_id: topic, crawled_at: at('2025-02-01T00:00:00') });
  expect(await backfill()).toMatchObject({ linked: 2, unlinked: 0 });
  const [period] = await periodsOf(topic);
  expect(period).toMatchObject({
    entity_type: 'topic',
    period_number: 0,
    status: 'active',
    period_start: at('2025-01-15T08:00:00'),
    period_end: at('2025-02-28T08:30:00'),
    analyzed_at: at('2025-02-28T08:30:00'),
    duration_hours: 1056.5,
    content_count: 2,
    summary: 'What happened',
    insights: { a: [1] },
    metrics: { likes: 2 },
    metrics_delta: {},
    execution_log: { source: 'backfill', reason: expect.stringContaining('pre-temporal schema') },
  });
  expect((await rowsOf('SELECT * FROM topics'))[0]).toMatchObject({
    current_period_number: 0,
    last_period_id: period.id,
    total_periods: 1,
    first_analysis_at: at('2025-02-28T08:30:00'),
    avg_period_duration_hours: 1056.5,
    updated_at: at('2025-01-01T00:00:00'),
  });
  for (const [id, crawled] of [
    [first, '2025-01-15T08:00:00'],
    [second, '2025-02-01T00:00:00'],
  ] as const) {
    expect(await contentOf(id)).toMatchObject({ analysis_period_id: period.id, discovered_at: at(crawled) });
  }
});

test.each(['active', 'paused', 'cancelled'])(
  'a user that is %s is migrated as a topic is',
  async (status) => {
    const user = await addUser(client, { status });
    const content = await addContent(client, { user_id: user });
    expect(await backfill()).toMatchObject({ linked: 1, unlinked: 0 });
    const [period] = await periodsOf(user);
    expect(period).toMatchObject({ entity_type: 'user', period_number: 0, content_count: 1 });
    expect((await rowsOf('SELECT * FROM users'))[0]).toMatchObject({
      last_period_id: period.id,
      total_periods: 1,
    });
    expect((await contentOf(content)).analysis_period_id).toBe(period.id);
  },
);

test('an entity without contents gets no period', async () => {
  await addTopic(client);
  await addUser(client);
  await backfill();
  expect(await rowsOf('SELECT FROM analysis_periods')).toEqual([]);
  expect((await rowsOf('SELECT * FROM topics'))[0]).toMatchObject({
    current_period_number: null,
    total_periods: 0,
  });
});

describe('the period ends', () => {
  const endOf = async (last_crawl_at: Date | null, ...crawled: string[]) => {
    const topic = await addTopic(client, { last_crawl_at });
    for (const time of crawled) await addContent(client, { topic_id: topic, crawled_at: at(time) });
    await backfill();
    return (await periodsOf(topic))[0];
  };
  test('now, where nothing says when the last crawl was', async () => {
    const { period_end, created_at } = await endOf(null, '2025-01-02T00:00:00');
    expect(period_end).toEqual(created_at);
  });
  test('at the last content, where that came after the last crawl', async () => {
    const period = await endOf(at('2025-01-03T00:00:00'), '2025-01-02T00:00:00', '2025-01-05T00:00:00');
    expect(period.period_end).toEqual(at('2025-01-05T00:00:00'));
  });
  test('at the last content, where that lies ahead of now', async () => {
    const period = await endOf(null, '2025-01-02T00:00:00', '2999-01-01T00:00:00');
    expect(period.period_end).toEqual(at('2999-01-01T00:00:00'));
  });
  test('a millisecond after the start, where all was crawled at the last crawl', async () => {
    const period = await endOf(at('2025-01-02T00:00:00'), '2025-01-02T00:00:00', '2025-01-02T00:00:00');
    expect(period.period_end).toEqual(at('2025-01-02T00:00:00.001'));
    expect(period.duration_hours).toBeCloseTo(1 / 3_600_000, 12);
  });
});

describe('summary', () => {
  test.each([
    ['kept', 'As written', 'As written'],
    ['null', null, 'Legacy period - migrated from pre-temporal schema'],
    ['empty', '', 'Legacy period - migrated from pre-temporal schema'],
    ['of tens of kilobytes', '長い ☃ '.repeat(8_000), '長い ☃ '.repeat(8_000)],
  ])('%s', async (_, last_summary, summary) => {
    const topic = await addTopic(client, { last_summary });
    await addContent(client, { topic_id: topic });
    await backfill();
    expect((await periodsOf(topic))[0].summary).toBe(summary);
  });
});

test.each([
  [null, {}, {}],
  ['null', {}, {}],
  ['[{"insights": {"a": 1}}]', {}, {}],
  ['"insights"', {}, {}],
  ['7', {}, {}],
  ['{}', {}, {}],
  ['{"insights": null, "metrics": null}', {}, {}],
  ['{"insights": ["one", "two"], "metrics": {"likes": 1}}', ['one', 'two'], { likes: 1 }],
  ['{"insights": "text", "metrics": 3}', 'text', 3],
])('summary_data %s', async (summary_data, insights, metrics) => {
  const topic = await addTopic(client, { summary_data });
  await addContent(client, { topic_id: topic });
  await backfill();
  const [period] = await periodsOf(topic);
  expect([period.insights, period.metrics]).toEqual([insights, metrics]);
});

describe('a content of a topic and a user', () => {
  test('counts in both periods and links to the user’s', async () => {
    const [topic_id, user_id] = [await addTopic(client), await addUser(client)];
    const both = await addContent(client, { topic_id, user_id });
    const one = await addContent(client, { topic_id });
    expect(await backfill()).toMatchObject({ linked: 2 });
    const [ofTopic] = await periodsOf(topic_id);
    const [ofUser] = await periodsOf(user_id);
    expect([ofTopic.content_count, ofUser.content_count]).toEqual([2, 1]);
    expect((await contentOf(both)).analysis_period_id).toBe(ofUser.id);
    expect((await contentOf(one)).analysis_period_id).toBe(ofTopic.id);
  });
});

describe('orphans are reported and left alone:', () => {
  test('contents of no topic and no user', async () => {
    const before = await checksums(client);
    const orphan = await addContent(client, {});
    const { report, unlinked } = await backfill();
    expect(unlinked).toBe(1);
    expect(report).toContain(`Orphaned contents: 1\n  ⚠️  content ${orphan}: topic none, user none`);
    await client.query('DELETE FROM contents');
    await client.query('DELETE FROM tasks');
    expect(await checksums(client)).toEqual(before);
  });
  test('contents whose topic or user is gone, in a database that lost its foreign keys', async () => {
    const damaged = await createMigrated();
    const damagedConnection = await connectionTo(damaged);
    const { client: own } = damagedConnection;
    await own.query('ALTER TABLE contents DROP CONSTRAINT contents_topic_id_fkey');
    await own.query('ALTER TABLE contents DROP CONSTRAINT contents_user_id_fkey');
    const gone = '00000000-0000-4000-8000-000000000000';
    await addPeriod(own, { entity_id: gone, period_number: 0 });
    await addContent(own, { topic_id: gone });
    await addContent(own, { user_id: gone });
    await addContent(own, { topic_id: await addTopic(own), user_id: gone });
    const options = { dryRun: false, say: () => undefined, warn: () => undefined };
    expect(await runBackfill(damagedConnection, options)).toEqual({ linked: 1, unlinked: 2 });
    await damaged.drop();
  });
  test('many of them: ten are named and all are counted', async () => {
    for (let index = 0; index < 12; index++) await addContent(client, {});
    const { report } = await backfill();
    expect(report.match(/⚠️ {2}content/g)).toHaveLength(10);
    expect(report).toContain('  ... and 2 more');
  });
});

describe('a second run', () => {
  test('changes nothing where nothing has come', async () => {
    await addContent(client, { topic_id: await addTopic(client), user_id: await addUser(client) });
    await backfill();
    const before = await checksums(client);
    expect(await backfill()).toMatchObject({ linked: 0, unlinked: 0 });
    expect(await checksums(client)).toEqual(before);
  });
  test('links what has come to the newest active period, and counts it there', async () => {
    const topic = await addTopic(client, { last_crawl_at: at('2025-01-01T12:00:00') });
    const early = await addContent(client, { topic_id: topic, crawled_at: at('2025-01-01T00:00:00') });
    await backfill();
    const newest = await addPeriod(client, { entity_id: topic, period_number: 1, content_count: 5 });
    await addPeriod(client, { entity_id: topic, period_number: 2, status: 'draft' });
    const late = await addContent(client, { topic_id: topic, crawled_at: at('2025-01-09T00:00:00') });
    expect(await backfill()).toMatchObject({ linked: 1, unlinked: 0 });
    expect((await periodsOf(topic)).map((period) => period.content_count)).toEqual([1, 6, 0]);
    expect(await contentOf(late)).toMatchObject({
      analysis_period_id: newest,
      discovered_at: at('2025-01-09T00:00:00'),
    });
    expect((await contentOf(early)).analysis_period_id).not.toBe(newest);
  });
  test('gives Period 0 to an entity that had no contents before', async () => {
    const topic = await addTopic(client);
    await backfill();
    await addContent(client, { topic_id: topic });
    await backfill();
    expect(await periodsOf(topic)).toHaveLength(1);
  });
});

test('a content that is in a period stays there', async () => {
  const [topic_id, user_id] = [await addTopic(client), await addUser(client)];
  const period = await addPeriod(client, { entity_id: topic_id, period_number: 1 });
  const content = await addContent(client, { topic_id, user_id, analysis_period_id: period });
  expect(await backfill()).toMatchObject({ linked: 0, unlinked: 0 });
  expect((await contentOf(content)).analysis_period_id).toBe(period);
});

test('an entity whose periods are all inactive is left alone, and its contents are reported', async () => {
  const topic = await addTopic(client, { name: 'Failed' });
  await addPeriod(client, { entity_id: topic, period_number: 0, status: 'failed' });
  const content = await addContent(client, { topic_id: topic });
  const { report, unlinked } = await backfill();
  expect(unlinked).toBe(1);
  expect(report).toContain(`Topic 'Failed' has periods, but no active one, skipping`);
  expect(report).toContain(`topic or user has no active period: 1\n  ⚠️  content ${content}`);
  expect(await periodsOf(topic)).toHaveLength(1);
});

test('a dry run reports the same and changes nothing', async () => {
  await addContent(client, { topic_id: await addTopic(client), user_id: await addUser(client) });
  await addContent(client, {});
  const before = await checksums(client);
  const dry = await backfill({ dryRun: true });
  expect(await checksums(client)).toEqual(before);
  const real = await backfill();
  expect(await checksums(client)).not.toEqual(before);
  expect(dry).toEqual({
    ...real,
    report: real.report.replace(/Committed$/, 'Dry run: rolled back, nothing was changed'),
  });
});

test('a database that is not at head is refused', async () => {
  await migrate(connection, 'downgrade', '-1');
  await expect(backfill()).rejects.toThrow('the database is at 20260301_0200, not 20260301_0300: run');
  await migrate(connection, 'upgrade', 'head');
});

test('names cannot break out of their line', async () => {
  await addTopic(client, { name: 'a\n  ✅ b\u001b[2J' });
  expect((await backfill()).report).toContain(`Topic 'a   ✅ b [2J' has no contents, skipping`);
});

test('the report of the runbook’s example', async () => {
  const research = await addTopic(client, {
    name: 'AI Safety Research',
    last_crawl_at: at('2025-02-28T08:30:00'),
  });
  const first = await addContent(client, { topic_id: research, crawled_at: at('2025-01-15T08:00:00') });
  await client.query(
    `INSERT INTO contents (id, task_id, topic_id, crawled_at, platform, source_url, hashtags,
       media_downloaded, metrics, data)
     SELECT gen_random_uuid(), task_id, topic_id, crawled_at + n * interval '1 hour', platform, source_url,
       '{}', false, '{}', '{}'
     FROM contents, generate_series(1, 246) AS n WHERE id = $1`,
    [first],
  );
  await addTopic(client, { name: 'Climate Tech' });
  for (const name of ['Batteries', 'Wind'])
    await addContent(client, { topic_id: await addTopic(client, { name }) });
  await addTopic(client, { name: 'Zinc' });
  await addTopic(client, { name: 'Resting', status: 'paused' });
  const { report } = await backfill();
  const lines = report.split('\n');
  expect(lines.slice(0, 5).join('\n')).toBe(`📊 Processing Topics...
Found 5 active topics
  ✅ Created Period 0 for topic 'AI Safety Research':
     - Period: 2025-01-15 → 2025-02-28 (1056.5h)
     - Contents: 247`);
  expect(lines).toContain(`  ⏭️  Topic 'Climate Tech' has no contents, skipping`);
  expect(report).toContain('\n\nTopics migrated: 3/5\n\nFound 1 paused or cancelled topic\n');
  expect(report).toContain('\n\nPaused or cancelled topics migrated: 0/1\n');
  expect(report).toMatch(/Contents linked: 249\nOrphaned contents: 0\n\nCommitted$/);
});
