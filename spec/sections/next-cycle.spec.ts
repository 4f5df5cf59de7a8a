import { beforeAll, describe, expect, test } from 'vitest';
import { addPeriod } from '../crosshot/seed.ts';
import { periodsOf } from '../crosshot/stack/agents.ts';
import { describeStage, type SpecStage } from '../support/stage.ts';
import { queue } from './agents.ts';
import { migrateAndBackfill } from './migrated.ts';

const TOPIC = 'AI Safety Research';
const USER = 'Grace Lindqvist';
/** Paused: whoever has new contents is analysed. */
const PAUSED = 'Semiconductor Supply';
/** How many contents are crawled before the first cycle. Those of the first are of the topic and the user. */
const CRAWLS = [
  { of: `--topic '${TOPIC}' --user '${USER}'`, count: 2 },
  { of: `--topic '${TOPIC}'`, count: 3 },
  { of: `--topic '${PAUSED}'`, count: 1 },
  { of: `--user 'Ivo'`, count: 4 },
];

describeStage(['postgres', 'redis', 'crawler', 'analyst'], (stage) => {
  let topic: string;

  beforeAll(async () => {
    await migrateAndBackfill(stage);
    const [row] = await stage.query<{ id: string }>('SELECT id FROM topics WHERE name = $1', [TOPIC]);
    topic = row?.id ?? '';
  });

  test('the next cycle makes Period 1 for each topic and user with new contents, and no other', async () => {
    for (const { of, count } of CRAWLS) await queue(stage, `crawl ${of} --count ${count}`);
    expect((await queue(stage, 'analyse --all')).sort()).toEqual([
      `topic '${TOPIC}': Period 1, 5 contents`,
      `topic '${PAUSED}': Period 1, 1 contents`,
      `user '${USER}': Period 1, 2 contents`,
      "user 'Ivo': Period 1, 4 contents",
    ]);
    expect(await queue(stage, 'analyse --all')).toEqual(['nothing new to analyse']);
    await followsFromTheOneBefore(stage, 1, 4);
  });

  describe.each([2, 3, 4])('with %i periods', (periods) => {
    const newest = periods - 1;

    beforeAll(async () => {
      if (newest === 1) return;
      await queue(stage, `crawl --topic '${TOPIC}' --count ${newest}`);
      await queue(stage, 'analyse --all');
    });

    test('the newest follows from the one before, and the entity’s columns say so', async () => {
      await followsFromTheOneBefore(stage, newest, newest === 1 ? 4 : 1);
      expect(await disagreements(stage)).toEqual([]);
    });

    test('each period is found by its number', async () => {
      const found = await stage.query<{ id: string }>(
        `SELECT (get_period_by_number('topic', $1, n)).id FROM generate_series(0, $2) AS n ORDER BY n`,
        [topic, periods],
      );
      const known = await periodsOf(await stage.client(), topic);
      expect(found.map(({ id }) => id)).toEqual(known.map(({ id }) => id));
      expect(known).toHaveLength(periods);
    });

    test('the views tell the line of them', async () => {
      const known = await periodsOf(await stage.client(), topic);
      const timeline = await stage.query<{ id: string }>(
        'SELECT id, unresolved_event_count, crawl_task_count FROM v_period_timeline WHERE entity_id = $1',
        [topic],
      );
      expect(timeline.map(({ id }) => id)).toEqual(known.map(({ id }) => id).reverse());
      expect(
        await stage.query('SELECT * FROM v_entity_timeline_summary WHERE entity_id = $1', [topic]),
      ).toMatchObject([
        {
          total_periods: String(periods),
          total_content_across_periods: String(sum(known.map(({ content_count }) => content_count))),
        },
      ]);
    });

    test('the materialized view has the measures of the two before each', async () => {
      await stage.pass('maintenance/daily');
      const known = await periodsOf(await stage.client(), topic);
      const trend = await stage.query(
        `SELECT period_number, metrics, prev_metrics, prev_prev_metrics
         FROM mv_period_metrics_trend WHERE entity_id = $1 ORDER BY period_number`,
        [topic],
      );
      const metricsOf = (number: number) => known[number]?.metrics ?? null;
      expect(trend).toEqual(
        known.map(({ period_number: n }) => ({
          period_number: n,
          metrics: metricsOf(n),
          prev_metrics: metricsOf(n - 1),
          prev_prev_metrics: metricsOf(n - 2),
        })),
      );
    });

    test('the contents of the analysed periods are told, the newest first', async () => {
      const rows = await stage.query<{ period_number: number }>(
        `SELECT period_number FROM get_content_timeline('topic', $1)`,
        [topic],
      );
      // Period 0 was made by the backfill, which takes no snapshots.
      const expected = Array.from({ length: newest }, (_, index) => newest - index).flatMap((number) =>
        Array.from({ length: number === 1 ? 5 : number }, () => number),
      );
      expect(rows.map(({ period_number }) => period_number)).toEqual(expected);
    });

    test('a measure far from the others is told', async () => {
      const known = await periodsOf(await stage.client(), topic);
      const far = farFrom(known.map(({ content_count }) => content_count));
      const rows = await stage.query<{ period_number: number; z_score: number }>(
        `SELECT period_number, z_score FROM detect_metric_anomalies('topic', $1, 'content_count', 0.6)`,
        [topic],
      );
      expect(rows.map(({ period_number }) => period_number)).toEqual(far);
      expect(far).toContain(0);
    });
  });

  test('a delta is computed anew, against the period before', async () => {
    const [row] = await stage.query<{ delta: object }>(
      'SELECT recompute_metrics_delta(last_period_id) AS delta FROM topics WHERE id = $1',
      [topic],
    );
    expect(row?.delta).toMatchObject({ previous_period_number: 2 });
  });

  test('an analysis done again supersedes the period and deletes nothing', async () => {
    const before = await periodsOf(await stage.client(), topic);
    const old = before.at(-1);
    await queue(stage, `analyse --topic '${TOPIC}' --again 'counted anew'`);
    const after = await periodsOf(await stage.client(), topic);
    expect(after).toHaveLength(before.length + 1);
    const [superseded, current] = after.slice(-2);
    expect(superseded).toMatchObject({
      id: old.id,
      status: 'superseded',
      superseded_by: current.id,
      supersession_reason: 'counted anew',
      content_count: old.content_count,
      linked: 0,
    });
    expect(current).toMatchObject({ status: 'active', period_number: 3, linked: old.linked });
    expect(await disagreements(stage)).toEqual([]);
    await stage.pass('post-migration-validation');
  });

  test('the database refuses an active period that overlaps', async () => {
    const [, , last] = await periodsOf(await stage.client(), topic);
    const overlap = {
      entity_id: topic,
      period_number: 9,
      period_start: last.period_start,
      period_end: last.period_end,
    };
    await expect(addPeriod(await stage.client(), overlap)).rejects.toMatchObject({
      code: '23P01',
      constraint: 'no_overlapping_periods',
    });
  });
});

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

/** The indexes, highest first, of what lies more than 0.6 sample standard deviations from the mean. */
function farFrom(values: number[]): number[] {
  const mean = sum(values) / values.length;
  const deviation = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
  const far = (value: number) => Math.abs(value - mean) / deviation > 0.6;
  return values.flatMap((value, index) => (far(value) ? [index] : [])).reverse();
}

/**
 * Every active period of this number: begins where the one before ended, ends now, holds as many contents as
 * it says, and says by how much each measure that both have is another.
 */
async function followsFromTheOneBefore(stage: SpecStage, number: number, entities: number): Promise<void> {
  const rows = await stage.query(
    `SELECT p.period_start = q.period_end AS joins, now() - p.period_end < interval '5 minutes' AS ends_now,
            p.duration_hours = extract(epoch FROM p.period_end - p.period_start)::float8 / 3600 AS adds_up,
            (SELECT count(*) FROM contents c
             WHERE c.analysis_period_id = p.id OR EXISTS (
               SELECT FROM period_content_snapshots s WHERE s.period_id = p.id AND s.content_id = c.id
             )) = p.content_count AS holds_them,
            p.metrics_delta = (
              SELECT coalesce(jsonb_object_agg(
                key, round((p.metrics -> key)::numeric - (q.metrics -> key)::numeric, 6)), '{}')
              FROM jsonb_object_keys(p.metrics) AS key WHERE jsonb_typeof(q.metrics -> key) = 'number'
            ) AS tells_differences
     FROM analysis_periods p
     JOIN analysis_periods q
       ON (q.entity_type, q.entity_id, q.period_number) = (p.entity_type, p.entity_id, p.period_number - 1)
     WHERE p.period_number = $1 AND p.status = 'active' AND q.status = 'active'`,
    [number],
  );
  const all = { joins: true, ends_now: true, adds_up: true, holds_them: true, tells_differences: true };
  expect(rows).toEqual(Array.from({ length: entities }, () => all));
}

/** Topics and users whose own columns say something else than their active periods. */
function disagreements(stage: SpecStage) {
  const of = (type: string, table: string) => `
    SELECT e.name, e.current_period_number, e.total_periods
    FROM ${table} e JOIN LATERAL (
      SELECT max(period_number) AS current, count(*) AS total, min(analyzed_at) AS first,
             avg(duration_hours) AS hours,
             (array_agg(id ORDER BY period_number DESC))[1] AS last
      FROM analysis_periods WHERE entity_type = '${type}' AND entity_id = e.id AND status = 'active'
    ) AS p ON p.total > 0
    WHERE (e.current_period_number, e.total_periods, e.last_period_id) 
          IS DISTINCT FROM (p.current, p.total, p.last)
       OR e.first_analysis_at IS DISTINCT FROM p.first
       OR abs(e.avg_period_duration_hours - p.hours) > 1e-6`;
  return stage.query(`${of('topic', 'topics')} UNION ALL ${of('user', 'users')}`);
}
