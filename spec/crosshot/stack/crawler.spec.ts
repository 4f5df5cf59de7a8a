import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enqueue } from '../../../fixtures/stack/services/queue/queue.ts';
import { LABELS, newTask } from '../../../fixtures/stack/services/queue/task.ts';
import { openRedis, type Redis } from '../../../fixtures/stack/services/shared/redis.ts';
import type { SpecDatabase } from '../../support/database.ts';
import { connectionTo, createBaseline, migrate } from '../databases.ts';
import { addTopic, addUser } from '../seed.ts';
import { ask, endingOf, lockRow, PATIENTLY } from './agents.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { type Service, startService } from './service.ts';

let server: RedisServer;
let redis: Redis;
let database: SpecDatabase;
let client: Client;
let crawler: Service;
let topic: string;
let user: string;

beforeAll(async () => {
  [server, database] = await Promise.all([startRedisServer(), createBaseline()]);
  redis = await openRedis(server.socket);
  client = await database.connect();
  topic = await addTopic(client, { name: 'Tides' });
  user = await addUser(client, { name: 'Mara' });
  crawler = await startService('crawler', { database, redis: server });
});

afterAll(async () => {
  await crawler?.end();
  redis?.destroy();
  await Promise.all([server?.stop(), database?.drop()]);
});

const count = async (where: string) =>
  (await client.query(`SELECT count(*)::int AS n FROM contents WHERE ${where}`)).rows[0].n;

describe('the crawler', () => {
  it('stores contents of a topic and a user, and notes the crawl at both', async () => {
    const ending = await ask(redis, 'crawl', { topic_id: topic, user_id: user, count: 7 });
    expect(ending).toEqual({ status: 'completed', result: { stored: 7 } });
    expect(await count(`topic_id = '${topic}' AND user_id = '${user}' AND text LIKE '%Tides by Mara%'`)).toBe(
      7,
    );
    const { rows } = await client.query(`
      SELECT total_contents, last_crawl_at >= (SELECT max(crawled_at) FROM contents) AS is_noted FROM topics
      UNION ALL
      SELECT total_contents, last_crawl_at >= (SELECT max(crawled_at) FROM contents) FROM users`);
    expect(rows).toEqual([
      { total_contents: 7, is_noted: true },
      { total_contents: 7, is_noted: true },
    ]);
  });

  it('writes the task that it has done', async () => {
    const { rows } = await client.query(
      'SELECT label, priority, status, payload, assigned_to, result FROM tasks',
    );
    expect(rows).toEqual([
      {
        label: 'crawler:web',
        priority: 5,
        status: 'completed',
        payload: { topic_id: topic, user_id: user, count: 7 },
        assigned_to: 'crawler',
        result: { stored: 7 },
      },
    ]);
  });

  it('does a task that is delivered again no second time', async () => {
    const task = newTask(LABELS.crawl, { topic_id: topic, count: 3 });
    await enqueue(redis, task);
    const first = await endingOf(redis, task);
    await enqueue(redis, task);
    expect(await endingOf(redis, task)).toEqual(first);
    expect(await count(`task_id = '${task.id}'`)).toBe(3);
  });

  it('fails a task that names nothing, and goes on', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await ask(redis, 'crawl', { topic_id: nobody })).toEqual({
      status: 'failed',
      error: `no topic ${nobody}`,
    });
    const { rows } = await client.query(`SELECT error FROM tasks WHERE status = 'failed'`);
    expect(rows).toEqual([{ error: `no topic ${nobody}` }]);
    expect((await ask(redis, 'crawl', { topic_id: topic, count: 1 })).status).toBe('completed');
  });

  it('keeps its heart beating in Redis', async () => {
    const ttl = await redis.ttl('agent:heartbeat:crawler');
    expect(ttl).toBeGreaterThan(0);
    expect(Date.parse((await redis.get('agent:heartbeat:crawler')) ?? '')).not.toBeNaN();
  });

  it('stores contents after each revision of the migration, and after their rollback', async () => {
    const connection = await connectionTo(database);
    for (const [direction, target] of [
      ['upgrade', '+1'],
      ['upgrade', '+1'],
      ['upgrade', '+1'],
      ['downgrade', 'base'],
    ] as const) {
      await migrate(connection, direction, target);
      const ending = await ask(redis, 'crawl', { user_id: user, count: 2 });
      expect(ending).toEqual({ status: 'completed', result: { stored: 2 } });
    }
  });

  it('loses no task when it is killed in the middle of one', async () => {
    const task = newTask(LABELS.crawl, { topic_id: topic, count: 4 });
    const release = await lockRow(database, 'topics', topic);
    await enqueue(redis, task);
    await expect.poll(() => redis.hExists('task:taken:crawler', task.id), PATIENTLY).toBe(1);
    expect(await crawler.end('SIGKILL')).toBe('SIGKILL');
    await release();
    crawler = await startService('crawler', { database, redis: server });
    expect(crawler.log).toContain('WARNING:  took up again: 1 unfinished tasks');
    expect(await endingOf(redis, task)).toEqual({ status: 'completed', result: { stored: 4 } });
    expect(await redis.exists('task:taken:crawler')).toBe(0);
  });

  it('waits where the database goes away in the middle of a task, which loses no retry', async () => {
    const task = newTask(LABELS.crawl, { topic_id: topic, count: 1 });
    const release = await lockRow(database, 'topics', topic);
    await enqueue(redis, task);
    const cut = `
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'crawler' AND wait_event_type = 'Lock'`;
    await expect.poll(async () => (await client.query(cut)).rowCount, PATIENTLY).toBe(1);
    await release();
    expect(await endingOf(redis, task)).toEqual({ status: 'completed', result: { stored: 1 } });
    expect(crawler.log.filter((line) => line.includes('waits, the database is away'))).toHaveLength(1);
    const { rows } = await client.query('SELECT retry_count FROM tasks WHERE id = $1', [task.id]);
    expect(rows).toEqual([{ retry_count: 0 }]);
  });

  it('ends when it is told to, with its heartbeat', async () => {
    expect(await crawler.end()).toBe(0);
    expect(crawler.log.at(-1)).toBe('INFO:     crawler ended');
    expect(await redis.exists('agent:heartbeat:crawler')).toBe(0);
  });
});
