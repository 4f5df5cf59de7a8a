import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SpecDatabase } from '../support/database.ts';
import { createMigrated } from './databases.ts';
import { addContent, addPeriod, addToPeriod, addTopic } from './seed.ts';

let database: SpecDatabase;
let client: Client;
let topic: string;

beforeAll(async () => {
  database = await createMigrated();
  client = await database.connect();
});
beforeEach(async () => {
  topic = await addTopic(client);
});
afterAll(() => database.drop());

const rowsOf = async (sql: string, values: unknown[]) => (await client.query(sql, values)).rows;

const addNumbered = (period_number: number, row: Record<string, unknown> = {}) =>
  addPeriod(client, { entity_id: topic, period_number, ...row });

describe('get_period_by_number', () => {
  test.each([2, 3, 4])('finds each of %i active periods, and nothing else', async (count) => {
    for (let number = 0; number < count; number++) {
      const id = await addNumbered(number);
      await addNumbered(number, { status: 'superseded', superseded_by: id });
      const found = await rowsOf(`SELECT * FROM get_period_by_number('topic', $1, $2)`, [topic, number]);
      expect(found.map((row) => row.id)).toEqual([id]);
    }
    expect(await rowsOf(`SELECT * FROM get_period_by_number('topic', $1, $2)`, [topic, count])).toEqual([]);
    expect(await rowsOf(`SELECT * FROM get_period_by_number('user', $1, 0)`, [topic])).toEqual([]);
    expect(await rowsOf(`SELECT * FROM get_period_by_number('topic', $1, 0)`, [randomUUID()])).toEqual([]);
  });
});

describe('get_content_timeline', () => {
  beforeEach(async () => {
    for (let number = 0; number < 4; number++) {
      const period_id = await addNumbered(number);
      for (const relevance_score of [0.2, null, 0.8]) await addSnapshot(period_id, relevance_score);
    }
    await addSnapshot(await addNumbered(1, { status: 'superseded' }), 1);
  });

  const addSnapshot = async (period_id: string, relevance_score: number | null) =>
    addToPeriod(client, 'period_content_snapshots', {
      period_id,
      content_id: await addContent(client, { topic_id: topic }),
      relevance_score,
    });

  const timeline = async (from: string | null, to: string | null, least?: number) => {
    const rows = await rowsOf(
      least === undefined
        ? `SELECT * FROM get_content_timeline('topic', $1, $2, $3)`
        : `SELECT * FROM get_content_timeline('topic', $1, $2, $3, ${least})`,
      [topic, from, to],
    );
    return rows.map((row) => [row.period_number, row.relevance_score]);
  };
  const period = (number: number) => [
    [number, 0.8],
    [number, 0.2],
    [number, null],
  ];

  test('without bounds it has all active periods, the newest first, the most relevant first', async () => {
    expect(await timeline(null, null)).toEqual([3, 2, 1, 0].flatMap(period));
  });
  test('a period must lie within the bounds; one that touches them does', async () => {
    expect(await timeline('2025-01-02T00:00:00Z', '2025-01-04T00:00:00Z')).toEqual([2, 1].flatMap(period));
    expect(await timeline('2025-01-02T00:00:01Z', '2025-01-03T23:59:59Z')).toEqual([]);
    expect(await timeline('2025-01-04T00:00:00Z', null)).toEqual(period(3));
    expect(await timeline(null, '2025-01-02T00:00:00Z')).toEqual(period(0));
  });
  test('unknown relevance is always enough', async () => {
    expect(await timeline('2025-01-04T00:00:00Z', null, 0.8)).toEqual([
      [3, 0.8],
      [3, null],
    ]);
  });
});

describe('detect_metric_anomalies', () => {
  const anomalies = async (factor = 2) =>
    rowsOf(`SELECT * FROM detect_metric_anomalies('topic', $1, 'likes', $2)`, [topic, factor]);

  const addLikes = async (values: unknown[]) => {
    for (const [number, likes] of values.entries()) {
      await addNumbered(number, { metrics: JSON.stringify(likes === undefined ? {} : { likes }) });
    }
  };

  test.each([
    [2, [1, 3]],
    [3, [1, 3, 8]],
    [4, [1, 3, 8, 2]],
  ])('of %i periods, those far enough from the mean, the newest first', async (_, likes) => {
    await addLikes(likes);
    const mean = likes.reduce((sum, value) => sum + value, 0) / likes.length;
    const deviation = Math.sqrt(
      likes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (likes.length - 1),
    );
    const rows = await anomalies(0.5);
    const far = [...likes.entries()]
      .filter(([, value]) => Math.abs(value - mean) / deviation > 0.5)
      .reverse();
    expect(rows.map((row) => [row.period_number, row.metric_value])).toEqual(far);
    for (const row of rows) {
      expect(row.avg_value).toBeCloseTo(mean);
      expect(row.stddev_value).toBeCloseTo(deviation);
      expect(row.z_score).toBeCloseTo((row.metric_value - mean) / deviation);
    }
  });
  test('twice the deviation is the limit where none is given', async () => {
    await addLikes([1, 1, 1, 1, 1, 1, 9]);
    const rows = await rowsOf(`SELECT * FROM detect_metric_anomalies('topic', $1, 'likes')`, [topic]);
    expect(rows.map((row) => row.period_number)).toEqual([6]);
  });
  test('periods without the key, or with something else than a number there, do not count', async () => {
    await addLikes([2, undefined, 'many', null, 4]);
    expect((await anomalies(0.5)).map((row) => [row.period_number, row.avg_value])).toEqual([
      [4, 3],
      [0, 3],
    ]);
  });
  test.each([
    ['one period', [5]],
    ['equal values', [5, 5, 5]],
    ['no value', [undefined, undefined]],
  ])('%s: nothing to tell', async (_, likes) => {
    await addLikes(likes);
    expect(await anomalies(0)).toEqual([]);
  });
});

describe('recompute_metrics_delta', () => {
  const recompute = async (id: string) =>
    (await rowsOf('SELECT recompute_metrics_delta($1) AS delta', [id]))[0]?.delta;

  test('a first period has nothing to compare with; a later one names the active one before it', async () => {
    const [first, , , last] = [
      await addNumbered(0),
      await addNumbered(1),
      await addNumbered(2, { status: 'superseded' }),
      await addNumbered(3),
    ];
    expect(await recompute(first)).toEqual({ note: expect.stringContaining('nothing to compare') });
    expect(await recompute(last)).toEqual({
      computed_at: expect.any(String),
      previous_period_number: 1,
      note: expect.any(String),
    });
  });
  test('it is written to the period, and only to that', async () => {
    const updated_at = new Date('2025-01-01T00:00:00Z');
    const [first, second] = [await addNumbered(0, { updated_at }), await addNumbered(1, { updated_at })];
    const delta = await recompute(second);
    const rows = await rowsOf(
      `SELECT metrics_delta, updated_at > $2 AS touched FROM analysis_periods
       WHERE id = ANY ($1) ORDER BY period_number`,
      [[first, second], updated_at],
    );
    expect(rows).toEqual([
      { metrics_delta: {}, touched: false },
      { metrics_delta: delta, touched: true },
    ]);
  });
  test('null where the id names no active period', async () => {
    expect(await recompute(randomUUID())).toBeNull();
    expect(await recompute(await addNumbered(0, { status: 'draft' }))).toBeNull();
  });
});
