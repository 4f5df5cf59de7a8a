import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  enqueue,
  finish,
  giveBack,
  recover,
  take,
  waitForEnding,
} from '../../../fixtures/stack/services/queue/queue.ts';
import { LABELS, newTask, scoreOf, type Task } from '../../../fixtures/stack/services/queue/task.ts';
import { openRedis, type Redis } from '../../../fixtures/stack/services/shared/redis.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  redis = await openRedis(server.socket);
});

afterAll(async () => {
  redis?.destroy();
  await server?.stop();
});

const LABEL = LABELS.crawl;
const QUEUE = `task:queue:${LABEL}`;

function taskOf(priority: number, created_at: string): Task {
  return { ...newTask(LABEL, {}, priority), created_at };
}

it('scores a task by priority, then by age', () => {
  const task = taskOf(3, '2025-01-01T00:00:00.500Z');
  expect(scoreOf(task)).toBe(3e9 + (2e9 - 1_735_689_600));
});

it('gives the most urgent first, and of equals the oldest', async () => {
  const [newer, older, urgent] = [
    taskOf(5, '2025-01-02T00:00:00Z'),
    taskOf(5, '2025-01-01T00:00:00Z'),
    taskOf(9, '2025-01-03T00:00:00Z'),
  ] as const;
  for (const task of [newer, older, urgent]) await enqueue(redis, task);
  const taken = [await take(redis, LABEL, 'a'), await take(redis, LABEL, 'a'), await take(redis, LABEL, 'a')];
  expect(taken).toEqual([urgent, older, newer]);
  expect(await take(redis, LABEL, 'a')).toBeUndefined();
  for (const task of taken) if (task) await finish(redis, task, 'a', { status: 'completed', result: null });
});

it('keeps a task a week, and tells how it ended', async () => {
  const task = newTask(LABEL, { count: 1 });
  await enqueue(redis, task);
  expect(await redis.ttl(`task:${task.id}`)).toBe(7 * 24 * 3600);
  await take(redis, LABEL, 'a');
  await finish(redis, task, 'a', { status: 'failed', error: 'no such topic' });
  expect(await waitForEnding(redis, task.id, 1)).toEqual({ status: 'failed', error: 'no such topic' });
  const kept = JSON.parse((await redis.get(`task:${task.id}`)) ?? '');
  expect(kept).toEqual({ ...task, status: 'failed', error: 'no such topic' });
  expect(await redis.exists('task:taken:a')).toBe(0);
});

it('puts back what an agent had taken, with its place in the queue, and only that', async () => {
  const [lost, kept] = [newTask(LABEL, {}, 9), newTask(LABEL, {}, 8)];
  for (const task of [lost, kept]) await enqueue(redis, task);
  const score = await redis.zScore(QUEUE, lost.id);
  await take(redis, LABEL, 'a');
  await take(redis, LABEL, 'b');
  expect(await redis.zCard(QUEUE)).toBe(0);
  expect(await recover(redis, 'a')).toBe(1);
  expect(await redis.zRange(QUEUE, 0, -1)).toEqual([lost.id]);
  expect(await redis.zScore(QUEUE, lost.id)).toBe(score);
  expect(await recover(redis, 'a')).toBe(0);
  await giveBack(redis, { ...kept, retry_count: 1 }, 'b');
  await take(redis, LABEL, 'c');
  expect((await take(redis, LABEL, 'c'))?.retry_count).toBe(1);
});

it('passes over a task that has expired', async () => {
  const task = newTask(LABEL, {});
  await enqueue(redis, task);
  await redis.del(`task:${task.id}`);
  expect(await take(redis, LABEL, 'd')).toBeUndefined();
  expect(await redis.exists('task:taken:d')).toBe(0);
});
