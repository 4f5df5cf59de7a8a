import { beforeAll, beforeEach, expect, test } from 'vitest';
import { addPeriod, addTopic } from '../crosshot/seed.ts';
import { rowsOf, statementsWrong } from '../support/blocks.ts';
import { describeStage } from '../support/stage.ts';
import { queue } from './agents.ts';
import { migrateAndBackfill } from './migrated.ts';

const VALIDATION = 'post-migration-validation';

describeStage(['postgres', 'redis', 'crawler', 'analyst'], (stage) => {
  const crawlAndAnalyse = async () => {
    await queue(stage, "crawl --topic 'AI Safety Research' --count 3");
    await queue(stage, 'analyse --all');
  };
  /** The queries that no longer show what they should. */
  const wrong = async () => statementsWrong(await stage.run([VALIDATION]), 'validation');

  beforeAll(async () => {
    await migrateAndBackfill(stage);
    await stage.save('backfilled');
  });
  beforeEach(() => stage.restore('backfilled'));

  test('holds after the backfill, Period 1, a superseded period, and a topic without contents', async () => {
    await stage.pass(VALIDATION);
    await crawlAndAnalyse();
    expect(await stage.query('SELECT FROM analysis_periods WHERE period_number = 1')).toHaveLength(1);
    await stage.pass(VALIDATION);
    await queue(stage, "analyse --topic 'AI Safety Research' --again 'counted anew'");
    expect(await stage.query(`SELECT FROM analysis_periods WHERE status = 'superseded'`)).toHaveLength(1);
    await stage.pass(VALIDATION);
    await addTopic(await stage.client(), { name: 'Without contents' });
    await stage.pass(VALIDATION);
  });

  test('1. says when another revision is recorded', async () => {
    await stage.query(`UPDATE alembic_version SET version_num = '20260301_0200'`);
    expect(await wrong()).toEqual([1]);
  });

  test('2. says when a kind of entity has no Period 0', async () => {
    await stage.query(`UPDATE analysis_periods SET period_number = 1 WHERE entity_type = 'user'`);
    expect(await wrong()).toEqual([2]);
  });

  test('3. says when a topic with contents has no period', async () => {
    await stage.query(`
      DELETE FROM analysis_periods
      WHERE id = (SELECT last_period_id FROM topics WHERE name = 'Single Sighting')`);
    expect(await wrong()).toEqual([3]);
  });

  test('4. catches an overlap in a database that has lost its constraint', async () => {
    const [zero] = await stage.query<{ entity_id: string; period_end: Date }>(
      `SELECT entity_id, period_end FROM analysis_periods WHERE entity_type = 'topic' LIMIT 1`,
    );
    if (!zero) throw new Error('there is no period');
    await stage.query('ALTER TABLE analysis_periods DROP CONSTRAINT no_overlapping_periods');
    await addPeriod(await stage.client(), {
      entity_id: zero.entity_id,
      period_number: 1,
      period_start: new Date(zero.period_end.getTime() - 1),
      period_end: new Date(zero.period_end.getTime() + 1),
    });
    const finished = await stage.run([VALIDATION]);
    // The fifth misses the index, which went with the constraint.
    expect(statementsWrong(finished, 'validation')).toEqual([4, 5]);
    const [overlap, ...others] = rowsOf(finished, 'validation', 3);
    expect(overlap?.slice(0, 2)).toEqual(['topic', zero.entity_id]);
    expect(others).toEqual([]);
  });

  test('5. says when an index is missing', async () => {
    await stage.query('DROP INDEX idx_events_unresolved');
    expect(await wrong()).toEqual([5]);
  });
});
