import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checksums } from '../crosshot/checksum.ts';
import { addPeriod, addToPeriod } from '../crosshot/seed.ts';
import { rowsOf, statementsWrong } from '../support/blocks.ts';
import { describeStage, type SpecStage } from '../support/stage.ts';
import { connect } from '../support/states.ts';
import { migrateAndBackfill } from './migrated.ts';

/** A refresh that waits for a reader fails, instead of waiting as long as the reader reads. */
const NO_WAITING = `ALTER DATABASE crosshot SET lock_timeout = '2s'`;

describeStage(['postgres'], (stage) => {
  beforeAll(async () => {
    await migrateAndBackfill(stage);
    await stage.save('migrated');
  });
  beforeEach(() => stage.restore('migrated'));

  describe('daily', () => {
    test('the refresh works while readers read, twice as well as once', async () => {
      await stage.query(NO_WAITING);
      const reader = await connect(stage.url);
      try {
        await reader.query('BEGIN; SELECT count(*) FROM mv_period_metrics_trend');
        await stage.pass('maintenance/daily');
        await stage.pass('maintenance/daily');
      } finally {
        await reader.end();
      }
    });

    test('the refresh brings in what is new', async () => {
      const { id, entity_id } = await addNextPeriod(stage);
      expect(await trendOf(stage, entity_id)).toEqual([0]);
      await stage.pass('maintenance/daily');
      expect(await trendOf(stage, entity_id)).toEqual([0, 1]);
      await stage.query('DELETE FROM analysis_periods WHERE id = $1', [id]);
      await stage.pass('maintenance/daily');
      expect(await trendOf(stage, entity_id)).toEqual([0]);
    });

    test('a view that was not refreshed is found out', async () => {
      await addNextPeriod(stage);
      expect(statementsWrong(await stage.run(['verify-daily-refresh']), 'verify-daily-refresh')).toEqual([1]);
    });
  });

  describe('weekly', () => {
    test('finds nothing where nothing waits', async () => {
      await stage.pass('maintenance/weekly');
    });

    test('lists a draft of two days, not one of an hour, and no period that is done', async () => {
      const old = await addNextPeriod(stage, { status: 'draft', age: '2 days' });
      await addNextPeriod(stage, { status: 'draft', age: '1 hour', period_number: 2 });
      await addNextPeriod(stage, { status: 'failed', age: '2 days', period_number: 3 });
      const finished = await stage.run(['maintenance/weekly']);
      expect(statementsWrong(finished, 'weekly-review')).toEqual([1]);
      expect(rowsOf(finished, 'weekly-review').map((row) => row.slice(0, 4))).toEqual([
        ['topic', old.entity_id, '1', 'draft'],
      ]);
    });

    test('lists the events that wait for an answer, the newest first', async () => {
      const { id, entity_id } = await addNextPeriod(stage);
      const client = await stage.client();
      for (const [title, day, resolved_at] of [
        ['older', '2025-02-01', null],
        ['answered', '2025-02-02', '2025-02-03'],
        ['newer', '2025-02-04', null],
      ]) {
        await addToPeriod(client, 'temporal_events', {
          period_id: id,
          entity_type: 'topic',
          entity_id,
          event_type: 'spike',
          title,
          description: 'More than ever',
          first_detected_at: day,
          resolved_at,
        });
      }
      const finished = await stage.run(['maintenance/weekly']);
      expect(statementsWrong(finished, 'weekly-review')).toEqual([2]);
      expect(rowsOf(finished, 'weekly-review', 1).map((row) => row[3])).toEqual(['newer', 'older']);
    });
  });

  describe('monthly', () => {
    test('archives what was superseded and is older than 90 days, and nothing else', async () => {
      const states = [
        { status: 'superseded', age: '91 days' },
        { status: 'superseded', age: '89 days' },
        { status: 'active', age: '91 days' },
        { status: 'draft', age: '91 days' },
        { status: 'failed', age: '91 days' },
      ];
      const ids: string[] = [];
      for (const [index, state] of states.entries()) {
        ids.push((await addNextPeriod(stage, { ...state, period_number: index + 1 })).id);
      }
      await stage.pass('maintenance/monthly');
      const after = await stage.query<{ status: string }>(
        'SELECT status FROM analysis_periods WHERE id = ANY ($1) ORDER BY period_number',
        [ids],
      );
      const expected = ['archived', 'superseded', 'active', 'draft', 'failed'];
      expect(after.map(({ status }) => status)).toEqual(expected);
    });

    test('does no harm twice', async () => {
      await addNextPeriod(stage, { status: 'superseded', age: '91 days' });
      await stage.pass('maintenance/monthly');
      const once = await checksums(await stage.client());
      await stage.pass('maintenance/monthly');
      expect(await checksums(await stage.client())).toEqual(once);
    });

    test('leaves statistics of the new tables for the planner', async () => {
      const unknown = () =>
        stage.query(`
        SELECT relname FROM pg_class
        WHERE relname IN ('analysis_periods', 'period_content_snapshots', 'temporal_events')
          AND reltuples < 0`);
      expect(await unknown()).toHaveLength(3);
      await stage.pass('maintenance/monthly');
      expect(await unknown()).toEqual([]);
    });

    test('an archive that was not made is found out', async () => {
      await addNextPeriod(stage, { status: 'superseded', age: '91 days' });
      const finished = await stage.run(['verify-monthly-archive']);
      expect(statementsWrong(finished, 'verify-monthly-archive')).toEqual([1]);
    });
  });
});

/** Adds a period of the topic that has most contents: number 1 unless said otherwise, made so long ago. */
async function addNextPeriod(
  stage: SpecStage,
  { status = 'active', age = '0', period_number = 1 } = {},
): Promise<{ id: string; entity_id: string }> {
  const [topic] = await stage.query<{ id: string }>(
    `SELECT id FROM topics WHERE name = 'AI Safety Research'`,
  );
  const entity_id = topic?.id ?? '';
  const start = Date.UTC(2025, 3, period_number);
  const period = {
    entity_id,
    period_number,
    status,
    period_start: new Date(start),
    period_end: new Date(start + 86_400_000),
  };
  const id = await addPeriod(await stage.client(), period);
  await stage.query('UPDATE analysis_periods SET created_at = now() - $2::interval WHERE id = $1', [id, age]);
  return { id, entity_id };
}

/** The numbers of an entity's periods that the materialized view has. */
async function trendOf(stage: SpecStage, entityId: string): Promise<number[]> {
  const rows = await stage.query<{ period_number: number }>(
    'SELECT period_number FROM mv_period_metrics_trend WHERE entity_id = $1 ORDER BY 1',
    [entityId],
  );
  return rows.map(({ period_number }) => period_number);
}
