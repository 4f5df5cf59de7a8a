import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SpecDatabase } from '../support/database.ts';
import { createMigrated } from './databases.ts';
import { addPeriod, addToPeriod } from './seed.ts';

/** The views, for a topic of two, three and four active periods; a superseded one never counts. */

let database: SpecDatabase;
let client: Client;

beforeAll(async () => {
  database = await createMigrated();
  client = await database.connect();
});
afterAll(() => database.drop());

const rowsOf = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows;

const day = (number: number) => new Date(Date.UTC(2025, 0, 1 + number));

describe.each([2, 3, 4])('with %i periods', (count) => {
  let topic: string;
  let periods: string[];

  beforeEach(async () => {
    topic = randomUUID();
    periods = [];
    for (let number = 0; number < count; number++) periods.push(await addNumbered(number));
    await addPeriod(client, {
      entity_id: topic,
      period_number: 0,
      status: 'superseded',
      content_count: 1000,
    });
  });

  const addNumbered = (period_number: number) =>
    addPeriod(client, {
      entity_id: topic,
      period_number,
      content_count: 10 * (period_number + 1),
      quality_score: period_number === 0 ? null : 0.5,
      metrics: JSON.stringify({ likes: period_number }),
    });

  test('v_period_timeline has the newest first, and counts open events and crawls apart', async () => {
    const [first] = periods as [string];
    for (const resolved_at of [null, null, day(9)]) await addEvent(first, resolved_at);
    for (const score of [0.1, 0.2, 0.3]) await addCrawl(first, 'x', score, day(1));
    const rows = await rowsOf('SELECT * FROM v_period_timeline WHERE entity_id = $1', [topic]);
    expect(rows.map((row) => row.id)).toEqual([...periods].reverse());
    expect(rows.at(-1)).toMatchObject({ unresolved_event_count: '2', crawl_task_count: '3' });
    expect(rows[0]).toMatchObject({ unresolved_event_count: '0', crawl_task_count: '0' });
  });

  test('v_entity_timeline_summary spans them', async () => {
    expect(await rowsOf('SELECT * FROM v_entity_timeline_summary WHERE entity_id = $1', [topic])).toEqual([
      {
        entity_type: 'topic',
        entity_id: topic,
        total_periods: String(count),
        first_period_start: day(0),
        last_period_end: day(count),
        avg_period_duration: 24,
        total_content_across_periods: String((10 * count * (count + 1)) / 2),
        avg_quality_score: 0.5,
        avg_completeness_score: null,
      },
    ]);
  });

  test('mv_period_metrics_trend looks two periods back', async () => {
    await client.query('REFRESH MATERIALIZED VIEW mv_period_metrics_trend');
    const rows = await rowsOf(
      `SELECT metrics, prev_metrics, prev_prev_metrics FROM mv_period_metrics_trend
       WHERE entity_id = $1 ORDER BY period_number`,
      [topic],
    );
    const likes = (number: number) => (number < 0 ? null : { likes: number });
    expect(rows).toEqual(
      periods.map((_, number) => ({
        metrics: likes(number),
        prev_metrics: likes(number - 1),
        prev_prev_metrics: likes(number - 2),
      })),
    );
  });

  test('v_crawl_effectiveness_ranking has the best first, and the mean of the three newest', async () => {
    const last = periods.at(-1) as string;
    const scores = [0.8, 0.1, 0.2, null, 0.6];
    for (const [index, score] of scores.entries()) await addCrawl(last, 'x', score, day(index));
    await addCrawl(last, 'web', 0.3, day(9));
    const rows = await rowsOf(
      `SELECT platform, effectiveness_score, round(recent_avg_effectiveness::numeric, 6)::text AS recent
       FROM v_crawl_effectiveness_ranking WHERE entity_id = $1`,
      [topic],
    );
    // Of the three newest on x, 0.2, null and 0.6, one has no score.
    expect(rows.map(Object.values)).toEqual([
      ['x', 0.8, '0.400000'],
      ['x', 0.6, '0.400000'],
      ['web', 0.3, '0.300000'],
      ['x', 0.2, '0.400000'],
      ['x', 0.1, '0.400000'],
      ['x', null, '0.400000'],
    ]);
  });

  const addEvent = (period_id: string, resolved_at: Date | null) =>
    addToPeriod(client, 'temporal_events', {
      period_id,
      entity_type: 'topic',
      entity_id: topic,
      event_type: 'spike',
      title: 'A spike',
      description: 'Many more than before',
      first_detected_at: day(0),
      resolved_at,
    });

  const addCrawl = (
    period_id: string,
    platform: string,
    effectiveness_score: number | null,
    created_at: Date,
  ) =>
    addToPeriod(client, 'crawl_effectiveness', {
      period_id,
      entity_type: 'topic',
      entity_id: topic,
      platform,
      query: 'a query',
      effectiveness_score,
      created_at,
    });
});
