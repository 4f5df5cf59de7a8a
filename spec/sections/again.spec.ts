import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checksums } from '../crosshot/checksum.ts';
import { runbook, shellOutput, wrongs } from '../support/blocks.ts';
import { describeStage } from '../support/stage.ts';
import { connect, maintain } from '../support/states.ts';
import { migrateAndBackfill, migrateTo, REVISIONS } from './migrated.ts';

/** Blocks of the steps that write, and where each of them can be cut off. */
describeStage([], (stage) => {
  beforeAll(() => stage.save('before'));
  beforeEach(() => stage.restore('before'));

  describe('step 1', () => {
    test('a backup is made again, and what a kill left of one is removed', async () => {
      await stage.pass('back-up');
      await writeFile(join(stage.directory, 'backups/pre_temporal_20260301_020000.dump.part'), 'half');
      await stage.pass('back-up', 'list-backup');
      const files = await readdir(join(stage.directory, 'backups'));
      expect(files.filter((file) => file.endsWith('.part'))).toEqual([]);
    });

    test('a backup is proved beside a scratch database that a kill left, and that is still written to', async () => {
      await maintain(stage.url, ['CREATE DATABASE crosshot_scratch']);
      const busy = await connect(Object.assign(new URL(stage.url), { pathname: '/crosshot_scratch' }).href);
      await busy.query('CREATE TABLE contents (id uuid)');
      await stage.pass('back-up', 'prove-backup', 'prove-backup');
    });
  });

  describe('steps 2 and 8', () => {
    const cases = ['', 'api', 'crawler analyst', 'api crawler analyst'];

    test.each(cases)('services are stopped where these are already: %s', async (names) => {
      await stage.pass('start-services');
      if (names !== '') await stage.shell('nas', `docker compose stop ${names}`);
      if (names !== cases.at(-1)) expect(wrongs(await stage.run(['services-stopped']))).not.toEqual([]);
      await stage.pass('stop-services', 'services-stopped');
    });

    test.each(cases)('services are started where these are not: %s', async (names) => {
      await stage.pass('start-services');
      if (names !== '') {
        await stage.shell('nas', `docker compose stop ${names}`);
        expect(wrongs(await stage.run(['services-run']))).not.toEqual([]);
      }
      await stage.pass('start-services', 'services-run');
    });
  });

  describe('step 3', () => {
    test.each(REVISIONS)('cut at %s, it passes, with as many lines as are left to do', async (revision) => {
      await migrateTo(stage, 'upgrade', revision);
      const { stdout } = shellOutput(await stage.pass('migrate', 'current-after', 'step-4'), 'migrate');
      expect(stdout.text.trimEnd().split('\n')).toHaveLength(REVISIONS.length - REVISIONS.indexOf(revision));
    });

    test('one that does not come to the newest revision has failed', async () => {
      await stage.query('CREATE TABLE temporal_events (id integer)');
      expect(wrongs(await stage.run(['migrate']))).not.toEqual([]);
      expect(wrongs(await stage.run(['current-after']))).not.toEqual([]);
    });
  });

  test('steps 5 to 7 change nothing when they are run again', async () => {
    await migrateAndBackfill(stage);
    const once = await checksums(await stage.client());
    // As a shell: the block's example speaks of a first run.
    await stage.shell('local', 'tools/backfill');
    await stage.pass('verify-data', 'refresh', 'verify-refresh');
    expect(await checksums(await stage.client())).toEqual(once);
  });

  test('the next cycle may be asked for twice', async () => {
    await stage.pass('start-services');
    await migrateAndBackfill(stage);
    await stage.pass('next-cycle', 'next-cycle', 'crawled');
    await stage.pass('next-analysis', 'next-analysis', 'period-one');
    await stage.pass('post-migration-validation');
  });

  test('before the backfill, its probe says that it is not done', async () => {
    await migrateTo(stage, 'upgrade', 'head');
    expect(wrongs(await stage.run(['verify-data']))).not.toEqual([]);
    expect(wrongs(await stage.run(['verify-refresh']))).not.toEqual([]);
  });
});

test('each probe is a block that reads', () => {
  const probes = runbook.blocks.flatMap(({ done }) => (done === null ? [] : [done]));
  const reading = runbook.blocks.filter(({ effect }) => effect === 'reads').map(({ name }) => name);
  expect(probes.filter((name) => !reading.includes(name))).toEqual([]);
});

test('what writes in a step or a rollback has a probe, but for backups, of which another may be made', () => {
  const without = runbook.blocks
    .filter(({ section, effect, done }) => {
      const counts = section.step !== null || section.path.startsWith('rollback-procedure/');
      return counts && effect !== 'reads' && done === null;
    })
    .map(({ name }) => name);
  expect(without).toEqual(['back-up', 'prove-backup']);
});
