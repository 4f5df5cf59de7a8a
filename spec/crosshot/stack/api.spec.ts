import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpecDatabase } from '../../support/database.ts';
import { connectionTo, createBaseline, migrate } from '../databases.ts';
import { addPeriod, addTopic, addUser } from '../seed.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { type Service, startApi } from './service.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

let redis: RedisServer;
let database: SpecDatabase;
let client: Client;
let api: Service & { url: string };
let topic: string;
let user: string;

beforeAll(async () => {
  [redis, database] = await Promise.all([startRedisServer(), createBaseline()]);
  client = await database.connect();
  topic = await addTopic(client, { name: 'Second', position: 2, summary_data: '[1, "two"]' });
  await addTopic(client, { name: 'First', position: 1 });
  await addTopic(client, { name: 'Also second, newer', position: 2, created_at: '2025-02-01T00:00:00Z' });
  await addTopic(client, { name: 'Pinned', position: 9, is_pinned: true });
  user = await addUser(client);
  api = await startApi({ database, redis });
});

afterAll(async () => {
  await api?.end();
  await Promise.all([redis?.stop(), database?.drop()]);
});

/** Any of the api's answers. */
interface Body {
  topics: { name: string }[];
  periods: { period_number: number }[];
  total: number;
  message: string;
}

async function get(path: string) {
  const response = await fetch(api.url + path);
  return { status: response.status, body: (await response.json()) as Body };
}

const namesOf = ({ topics }: Body) => topics.map(({ name }) => name);
const IN_ORDER = ['Pinned', 'First', 'Also second, newer', 'Second'];

describe('before the migration', () => {
  it('is healthy, and says to what it is connected', async () => {
    expect(await get('/health')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(api.log).toContain('INFO:     database connected: PostgreSQL 14.23');
  });

  it('lists topics: pinned first, then by position, then the newest', async () => {
    const { status, body } = await get('/api/topics');
    expect(status).toBe(200);
    expect(body.total).toBe(4);
    expect(namesOf(body)).toEqual(IN_ORDER);
  });

  it('gives each topic exactly the promised fields', async () => {
    const { body } = await get('/api/topics');
    expect(body.topics[3]).toEqual({
      id: topic,
      type: 'topic',
      name: 'Second',
      icon: 'x',
      description: null,
      platforms: ['x'],
      keywords: ['k'],
      config: {},
      status: 'active',
      is_pinned: false,
      position: 2,
      total_contents: 0,
      last_crawl_at: null,
      last_summary: null,
      summary_data: [1, 'two'],
      created_at: '2025-01-01T00:00:00.000Z',
      updated_at: '2025-01-01T00:00:00.000Z',
      progress: { pending: 0, running: 0, completed: 0, failed: 0 },
    });
  });

  it('has no periods', async () => {
    const none = { status: 200, body: { periods: [], total: 0 } };
    expect(await get(`/api/topics/${topic}/periods?status=active&limit=20`)).toEqual(none);
    expect(await get(`/api/users/${user}/periods`)).toEqual(none);
  });

  it('answers 404 to an id that nothing has', async () => {
    const { status, body } = await get(`/api/users/${NOBODY}/periods`);
    expect(status).toBe(404);
    expect(body.message).toBe(`no user ${NOBODY}`);
    expect((await get(`/api/topics/${user}/periods`)).status).toBe(404);
  });

  it.each([
    ['/api/topics/x/periods', 'params/id must match format "uuid"'],
    [`/api/topics/${NOBODY}/periods?limit=0`, 'querystring/limit must be >= 1'],
    [`/api/topics/${NOBODY}/periods?limit=ten`, 'querystring/limit must be integer'],
    [
      `/api/topics/${NOBODY}/periods?status=done`,
      'querystring/status must be equal to one of the allowed values',
    ],
  ])('answers 400 to %s', async (path, message) => {
    const { status, body } = await get(path);
    expect(status).toBe(400);
    expect(body.message).toBe(message);
  });
});

describe('during the migration and after it', () => {
  it.each(['+1', '+1', '+1'])('answers after the next revision as before it', async (target) => {
    await migrate(await connectionTo(database), 'upgrade', target);
    expect(namesOf((await get('/api/topics')).body)).toEqual(IN_ORDER);
    expect((await get(`/api/topics/${topic}/periods`)).body).toEqual({ periods: [], total: 0 });
  });

  it('gives periods, the newest first', async () => {
    for (const period_number of [0, 1, 2]) {
      const at = { entity_id: topic, period_number, metrics: '{"likes": 1}', metrics_delta: '{"likes": -2}' };
      await addPeriod(client, at);
    }
    const { body } = await get(`/api/topics/${topic}/periods?limit=2`);
    expect(body.total).toBe(3);
    expect(body.periods.map(({ period_number }) => period_number)).toEqual([2, 1]);
    expect(body.periods[0]).toMatchObject({
      entity_type: 'topic',
      entity_id: topic,
      period_start: '2025-01-03T00:00:00.000Z',
      period_end: '2025-01-04T00:00:00.000Z',
      duration_hours: 24,
      status: 'active',
      content_count: 0,
      summary: 'A day',
      metrics: { likes: 1 },
      metrics_delta: { likes: -2 },
    });
  });

  it('gives those of another status where asked', async () => {
    await addPeriod(client, { entity_id: topic, period_number: 2, status: 'superseded' });
    expect((await get(`/api/topics/${topic}/periods?status=superseded`)).body.total).toBe(1);
    expect((await get(`/api/topics/${topic}/periods?status=draft`)).body.total).toBe(0);
  });

  it('answers after the rollback as before the migration', async () => {
    await migrate(await connectionTo(database), 'downgrade', 'base');
    expect(namesOf((await get('/api/topics')).body)).toEqual(IN_ORDER);
    expect((await get(`/api/topics/${topic}/periods`)).body).toEqual({ periods: [], total: 0 });
  });

  it('has logged each request, and nothing wrong', () => {
    expect(api.log.filter((line) => line.startsWith('INFO:     GET /api/topics 200'))).not.toEqual([]);
    expect(api.log.filter((line) => line.startsWith('ERROR:'))).toEqual([]);
  });
});

describe('when the database is gone', () => {
  it('is unhealthy, says so once, and ends when told to', async () => {
    await database.drop();
    expect((await get('/health')).status).toBe(503);
    expect((await get('/health')).status).toBe(503);
    expect((await get('/api/topics')).status).toBe(500);
    const wrong = api.log.filter((line) => line.startsWith('ERROR:    the database does not answer'));
    expect(wrong).toHaveLength(1);
    expect(await api.end()).toBe(0);
  });
});
