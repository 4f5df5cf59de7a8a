import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { viewDashboard } from '../../tools/crosshot/dashboard/view.ts';
import { addPeriod } from '../crosshot/seed.ts';
import { runbook, statementsWrong, wrongs } from '../support/blocks.ts';
import { describeStage } from '../support/stage.ts';
import { migrateAndBackfill } from './migrated.ts';

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

describeStage(
  [],
  (stage) => {
    beforeAll(async () => {
      stage.variables.RUNBOOK_RUN = await mkdtemp(join(tmpdir(), 'runbook-spec-'));
    });
    afterAll(() => rm(stage.variables.RUNBOOK_RUN ?? '', { recursive: true, force: true }));

    test('before the migration the dashboard lists topics, with no timeline and no complaint', async () => {
      const view = await viewDashboard(stage.apiUrl);
      expect(view).toEqual({
        topics: { listed: 9, total: 9 },
        timelines: { shown: 0, total: 0 },
        errors: [],
      });
    });

    describe('after it', () => {
      beforeAll(async () => {
        await migrateAndBackfill(stage);
        await stage.save('migrated');
      });
      beforeEach(() => stage.restore('migrated'));

      /** What is wrong with a criterion's blocks, tried once. */
      const broken = async (...blocks: string[]) => wrongs(await stage.run(blocks, { retry: false }));

      test('all eight criteria are met, and a picture of the dashboard is kept', async () => {
        await stage.pass('success-criteria');
        const picture = await readFile(join(stage.variables.RUNBOOK_RUN ?? '', 'dashboard.png'));
        expect(picture.subarray(0, 8)).toEqual(PNG);
      });

      test('each criterion is proved by blocks of its own', () => {
        const criteria = runbook.checks.filter(({ section }) => section.path === 'success-criteria');
        expect(criteria).toHaveLength(8);
        expect(criteria.filter(({ blocks }) => blocks.length === 0)).toEqual([]);
      });

      test('1. another revision is found out', async () => {
        await stage.query(`UPDATE alembic_version SET version_num = '20260301_0200'`);
        expect(await broken('success-revision')).not.toEqual([]);
      });

      test.each([
        ['topic', 'topics', 'Quantum Computing'],
        ['user', 'users', 'Grace Lindqvist'],
      ])('2. a %s without its Period 0 is found out', async (_, table, name) => {
        await stage.query(
          `DELETE FROM analysis_periods WHERE id = (SELECT last_period_id FROM ${table} WHERE name = $1)`,
          [name],
        );
        expect(await broken('success-period-zero')).not.toEqual([]);
      });

      test('2. and 3. a database without any period is found out', async () => {
        await stage.query('DELETE FROM analysis_periods');
        expect(await broken('success-period-zero')).not.toEqual([]);
        expect(await broken('success-contents')).not.toEqual([]);
      });

      test('3. a content without a period is found out', async () => {
        await stage.query(
          'UPDATE contents SET analysis_period_id = NULL WHERE id = (SELECT id FROM contents LIMIT 1)',
        );
        expect(await broken('success-contents')).not.toEqual([]);
      });

      test.each([
        'VIEW v_period_timeline',
        'VIEW v_entity_timeline_summary',
        'VIEW v_crawl_effectiveness_ranking',
        'MATERIALIZED VIEW mv_period_metrics_trend',
        'FUNCTION get_period_by_number',
        'FUNCTION get_content_timeline',
        'FUNCTION detect_metric_anomalies',
        'FUNCTION recompute_metrics_delta',
      ])('4. a database without the %s is found out', async (object) => {
        await stage.query(`DROP ${object}`);
        expect(await broken('success-views')).not.toEqual([]);
      });

      test('5. an api that cannot read topics is found out', async () => {
        await stage.query('ALTER TABLE topics RENAME TO subjects');
        expect(await broken('success-api')).not.toEqual([]);
      });

      test('7. a page whose api cannot tell periods is found out', async () => {
        await stage.query('ALTER TABLE analysis_periods RENAME summary_short TO short');
        expect(await broken('success-dashboard')).not.toEqual([]);
      });

      test('7. a topic without its timeline is found out', async () => {
        await stage.query(
          `UPDATE analysis_periods SET period_number = 7
           WHERE id = (SELECT last_period_id FROM topics WHERE name = 'Quantum Computing')`,
        );
        expect(await broken('success-dashboard')).toEqual([expect.stringContaining('timelines: 5 of 6')]);
      });

      test('8. a cycle that has not come, and a period that leaves a gap, are found out', async () => {
        expect(statementsWrong(await stage.run(['crawled'], { retry: false }), 'crawled')).toEqual([1]);
        const [topic] = await stage.query<{ id: string }>(
          'SELECT id FROM topics WHERE total_periods = 1 LIMIT 1',
        );
        await addPeriod(await stage.client(), {
          entity_id: topic?.id ?? '',
          period_number: 1,
          period_start: new Date(),
          period_end: new Date(Date.now() + 1000),
        });
        const finished = await stage.run(['period-one'], { retry: false });
        expect(statementsWrong(finished, 'period-one')).toEqual([1]);
      });

      // The last: what the server has logged stays in its log.
      test('6. a violated foreign key is found out in the log', async () => {
        await stage.pass('success-logs');
        await expect(
          stage.query(`UPDATE contents SET topic_id = '00000000-0000-0000-0000-000000000000'`),
        ).rejects.toMatchObject({ code: '23503' });
        await expect.poll(() => broken('success-logs'), { timeout: 120_000 }).not.toEqual([]);
      });
    });
  },
  ['chromium'],
);
