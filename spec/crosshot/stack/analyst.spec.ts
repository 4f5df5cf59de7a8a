import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enqueue } from '../../../fixtures/stack/services/queue/queue.ts';
import { LABELS, newTask } from '../../../fixtures/stack/services/queue/task.ts';
import { openRedis, type Redis } from '../../../fixtures/stack/services/shared/redis.ts';
import type { SpecDatabase } from '../../support/database.ts';
import { connectionTo, createBaseline, migrate } from '../databases.ts';
import { addContent, addPeriod, addTopic, addUser } from '../seed.ts';
import { ask, endingOf, lockRow, PATIENTLY, periodsOf, waiting } from './agents.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { type Service, startService } from './service.ts';

let server: RedisServer;
let redis: Redis;
let database: SpecDatabase;
let client: Client;
let analysts: Service[];
let crawler: Service;

beforeAll(async () => {
  [server, database] = await Promise.all([startRedisServer(), createBaseline()]);
  redis = await openRedis(server.socket);
  client = await database.connect();
  const around = { database, redis: server };
  [crawler, ...analysts] = await Promise.all([
    startService('crawler', around),
    startService('analyst', around, 'first'),
    startService('analyst', around, 'second'),
  ]);
});

afterAll(async () => {
  await Promise.all([crawler, ...(analysts ?? [])].map((agent) => agent?.end()));
  redis?.destroy();
  await Promise.all([server?.stop(), database?.drop()]);
});

/** Adds contents with a number of likes each. */
async function addLiked(owner: { topic_id?: string; user_id?: string }, ...likes: number[]): Promise<void> {
  for (const many of likes) {
    await addContent(client, {
      ...owner,
      author_uid: `of ${many}`,
      metrics: JSON.stringify({ likes: many }),
    });
  }
}

async function entityOf(table: 'topics' | 'users', id: string) {
  const { rows } = await client.query(`SELECT * FROM ${table} WHERE id = $1`, [id]);
  return rows[0];
}

describe('before the migration and between its revisions', () => {
  it.each([0, 1])('writes a summary and no period, after %i revisions', async (revisions) => {
    if (revisions > 0) await migrate(await connectionTo(database), 'upgrade', '+1');
    const topic = await addTopic(client, { name: `Topic ${revisions}` });
    await addLiked({ topic_id: topic }, 3, 4);
    expect(await ask(redis, 'analysis', { topic_id: topic })).toEqual({
      status: 'completed',
      result: [{ entity: 'topic', name: `Topic ${revisions}`, content_count: 2 }],
    });
    expect(await entityOf('topics', topic)).toMatchObject({
      last_summary: '2 contents by 2 authors',
      summary_data: { metrics: { content_count: 2, likes: 7 } },
    });
  });
});

describe('a cycle after the migration', () => {
  let topic: string;
  let zero: string;

  beforeAll(async () => {
    await migrate(await connectionTo(database), 'upgrade', 'head');
    topic = await addTopic(client, { name: 'Rivers', first_analysis_at: '2025-01-02T00:00:00Z' });
    zero = await addPeriod(client, {
      entity_id: topic,
      period_number: 0,
      metrics: '{"content_count": 10, "likes": 100.5, "trend": "steady", "reposts": "many", "views": 7}',
    });
    await addContent(client, { topic_id: topic, analysis_period_id: zero });
  });

  it('makes no period where nothing is new', async () => {
    expect(await ask(redis, 'analysis', { topic_id: topic })).toEqual({ status: 'completed', result: [] });
    expect(await periodsOf(client, topic)).toHaveLength(1);
  });

  it('makes Period 1: from where Period 0 ended until now, over what is new', async () => {
    await addLiked({ topic_id: topic }, 5, 6, 7);
    expect(await ask(redis, 'analysis', { topic_id: topic })).toEqual({
      status: 'completed',
      result: [{ entity: 'topic', name: 'Rivers', period_number: 1, content_count: 3 }],
    });
    const [before, after] = await periodsOf(client, topic);
    expect(before.id).toBe(zero);
    expect(after).toMatchObject({ period_number: 1, status: 'active', content_count: 3, linked: 3 });
    expect(after.period_start).toBe(before.period_end);
    const { rows } = await client.query(
      `SELECT period_end BETWEEN now() - interval '1 minute' AND now() AS is_now,
              duration_hours = extract(epoch FROM period_end - period_start)::float8 / 3600 AS adds_up
       FROM analysis_periods WHERE id = $1`,
      [after.id],
    );
    expect(rows).toEqual([{ is_now: true, adds_up: true }]);
  });

  it('gives the numeric differences of the measures that both periods have', async () => {
    const [, one] = await periodsOf(client, topic);
    expect(one.metrics).toMatchObject({ content_count: 3, likes: 18, unique_authors: 3 });
    expect(one.metrics_delta).toEqual({ content_count: -7, likes: -82.5 });
  });

  it('brings the columns of the entity up to date', async () => {
    const [, one] = await periodsOf(client, topic);
    expect(await entityOf('topics', topic)).toMatchObject({
      current_period_number: 1,
      last_period_id: one.id,
      total_periods: 2,
      avg_period_duration_hours: (24 + one.duration_hours) / 2,
      first_analysis_at: new Date('2025-01-02T00:00:00Z'),
      last_summary: '3 contents by 3 authors',
      summary_data: { insights: { headline: '3 contents by 3 authors' }, metrics: { likes: 18 } },
    });
  });

  it('keeps what the contents said, cut to what the covering index can hold', async () => {
    const text = '🧪'.repeat(20_000);
    await addContent(client, { topic_id: topic, text });
    await ask(redis, 'analysis', { topic_id: topic });
    const { rows } = await client.query(
      `SELECT text_snapshot FROM period_content_snapshots s JOIN analysis_periods p ON p.id = s.period_id
       WHERE p.entity_id = $1 AND p.period_number = 2`,
      [topic],
    );
    expect(rows).toEqual([{ text_snapshot: '🧪'.repeat(500) }]);
  });

  it('starts with Period 0, from the first content, where there was none', async () => {
    const user = await addUser(client, { name: 'Ines' });
    await addContent(client, { user_id: user, crawled_at: '2025-02-03T04:05:06.789012Z' });
    await addContent(client, { user_id: user, crawled_at: '2025-02-09T00:00:00Z' });
    await ask(redis, 'analysis', { user_id: user });
    const [first, ...others] = await periodsOf(client, user);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      period_number: 0,
      period_start: '2025-02-03 04:05:06.789012+00',
      content_count: 2,
      metrics_delta: {},
    });
    expect(await entityOf('users', user)).toMatchObject({ current_period_number: 0, total_periods: 1 });
  });

  it('counts a content of a topic and a user in both, and links it to the user’s period', async () => {
    for (const order of [
      ['topic_id', 'user_id'],
      ['user_id', 'topic_id'],
    ] as const) {
      const both = { topic_id: await addTopic(client), user_id: await addUser(client) };
      await addLiked(both, 1, 2);
      await addLiked({ topic_id: both.topic_id }, 3);
      for (const kind of order) await ask(redis, 'analysis', { [kind]: both[kind] });
      expect(await periodsOf(client, both.topic_id)).toMatchObject([{ content_count: 3, linked: 1 }]);
      expect(await periodsOf(client, both.user_id)).toMatchObject([{ content_count: 2, linked: 2 }]);
      expect(await ask(redis, 'analysis', { topic_id: both.topic_id })).toMatchObject({ result: [] });
    }
  });

  it('analyses all entities that have news, and only those', async () => {
    await ask(redis, 'analysis', { all: true });
    expect(await ask(redis, 'analysis', { all: true })).toMatchObject({ result: [] });
    const user = await addUser(client, { name: 'Zoë', status: 'paused' });
    await addLiked({ topic_id: topic, user_id: user }, 1);
    expect(await ask(redis, 'analysis', { all: true })).toMatchObject({
      result: [
        { entity: 'topic', name: 'Rivers', content_count: 1 },
        { entity: 'user', name: 'Zoë', content_count: 1 },
      ],
    });
    const { rows } = await client.query(
      'SELECT count(*)::int AS unlinked FROM contents WHERE analysis_period_id IS NULL',
    );
    expect(rows).toEqual([{ unlinked: 0 }]);
  });
});

describe('an analysis done again', () => {
  it('supersedes the newest period with one of the same number, and deletes nothing', async () => {
    const both = { topic_id: await addTopic(client, { name: 'Glaciers' }), user_id: await addUser(client) };
    await addLiked({ topic_id: both.topic_id }, 10);
    await ask(redis, 'analysis', { topic_id: both.topic_id });
    await addLiked(both, 4);
    await ask(redis, 'analysis', both);
    await client.query(`UPDATE contents SET metrics = '{"likes": 6}' WHERE metrics = '{"likes": 4}'`);
    const ending = await ask(redis, 'analysis', { topic_id: both.topic_id, again: 'counts were corrected' });
    expect(ending).toMatchObject({ result: [{ name: 'Glaciers', period_number: 1, content_count: 1 }] });
    const [zero, old, current, ...others] = await periodsOf(client, both.topic_id);
    expect(others).toEqual([]);
    expect(zero).toMatchObject({ status: 'active', superseded_by: null });
    expect(old).toMatchObject({
      status: 'superseded',
      superseded_by: current.id,
      supersession_reason: 'counts were corrected',
      metrics: { likes: 4 },
    });
    expect(current).toMatchObject({
      status: 'active',
      period_number: 1,
      period_start: old.period_start,
      period_end: old.period_end,
      content_count: 1,
      metrics: { likes: 6 },
      metrics_delta: { likes: -4 },
    });
    expect(await entityOf('topics', both.topic_id)).toMatchObject({
      last_period_id: current.id,
      total_periods: 2,
    });
  });

  it('moves the links of its contents', async () => {
    const user = await addUser(client);
    await addLiked({ user_id: user }, 1, 2);
    await ask(redis, 'analysis', { user_id: user });
    await ask(redis, 'analysis', { user_id: user, again: 'a better model' });
    expect(await periodsOf(client, user)).toMatchObject([
      { status: 'superseded', content_count: 2, linked: 0 },
      { status: 'active', content_count: 2, linked: 2 },
    ]);
  });

  it('fails where there is no period', async () => {
    const topic = await addTopic(client);
    expect(await ask(redis, 'analysis', { topic_id: topic, again: 'why not' })).toEqual({
      status: 'failed',
      error: `topic ${topic} has no period to analyse again`,
    });
  });
});

describe('two analysts at once', () => {
  it('share the work: no gap, no overlap, and no content counts twice', async () => {
    const both = { topic_id: await addTopic(client), user_id: await addUser(client) };
    for (let round = 0; round < 4; round++) {
      await addLiked(both, round, round + 100);
      const tasks = [both, both, { user_id: both.user_id }, { all: true }].map((payload) =>
        newTask(LABELS.analysis, payload),
      );
      for (const task of tasks) await enqueue(redis, task);
      for (const task of tasks) expect(await endingOf(redis, task)).toMatchObject({ status: 'completed' });
    }
    for (const id of Object.values(both)) {
      const periods = await periodsOf(client, id);
      expect(periods.map(({ period_number }) => period_number)).toEqual(periods.map((_, index) => index));
      expect(periods.slice(1).map(({ period_start }) => period_start)).toEqual(
        periods.slice(0, -1).map(({ period_end }) => period_end),
      );
      expect(periods.reduce((sum, { content_count }) => sum + content_count, 0)).toBe(8);
    }
  });

  it('and a crawl of the same topic follow one another', async () => {
    const topic = await addTopic(client);
    const content = await addContent(client, { topic_id: topic });
    const release = await lockRow(database, 'contents', content);
    const analysis = newTask(LABELS.analysis, { topic_id: topic });
    await enqueue(redis, analysis);
    await expect.poll(() => waiting(client, 'first', 'second'), PATIENTLY).toBe(1);
    const crawl = newTask(LABELS.crawl, { topic_id: topic, count: 3 });
    await enqueue(redis, crawl);
    await expect.poll(() => waiting(client, 'crawler'), PATIENTLY).toBe(1);
    await release();
    expect(await endingOf(redis, crawl)).toMatchObject({ status: 'completed' });
    expect(await endingOf(redis, analysis)).toMatchObject({ result: [{ content_count: 1 }] });
  });

  it('have said nothing of an error but where one was provoked', () => {
    const wrong = analysts.flatMap(({ log }) => log.filter((line) => /^ERROR|tried again/.test(line)));
    expect(wrong).toEqual([expect.stringContaining('has no period to analyse again')]);
  });
});
