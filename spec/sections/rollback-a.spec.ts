import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { afterDowngrade } from '../crosshot/catalog/expected.ts';
import { readCatalog } from '../crosshot/catalog/read.ts';
import { checksums, type Shape, shapeOf } from '../crosshot/checksum.ts';
import { shellOutput, statementsWrong } from '../support/blocks.ts';
import { describeStage } from '../support/stage.ts';
import { queue } from './agents.ts';
import { migrateAndBackfill, migrateTo, REVISIONS } from './migrated.ts';

const ROLLBACK = 'rollback-procedure/option-a';

describeStage([], (stage) => {
  let shape: Shape;
  let before: Record<string, string>;

  beforeAll(async () => {
    const client = await stage.client();
    [shape, before] = [await shapeOf(client), await checksums(client)];
    await stage.save('before');
  });
  beforeEach(() => stage.restore('before'));

  /** Rolls back: the schema is the old one, and its tables hold `expected`, all of it and nothing else. */
  const comesBack = async (expected: Record<string, string>) => {
    await stage.pass(ROLLBACK);
    const client = await stage.client();
    expect(await readCatalog(client)).toEqual(afterDowngrade);
    expect(await shapeOf(client)).toEqual(shape);
    expect(await checksums(client)).toEqual(expected);
  };
  const goesForward = async () => {
    await stage.pass('migrate', 'step-4');
    // As a shell: the block's example speaks of the contents before any crawl.
    await stage.shell('local', 'tools/backfill');
    await stage.pass('step-6');
  };

  test('there is a row in each of the ten old tables', () => {
    expect(Object.keys(shape)).toHaveLength(10);
    expect(Object.entries(before).filter(([, sum]) => sum.startsWith('0 rows'))).toEqual([]);
  });

  test('before the backfill, all is what it was before the migration', async () => {
    await stage.pass('migrate');
    // Both extensions are there, so the last statement holds here too.
    expect(statementsWrong(await stage.run(['verify-downgrade']), 'verify-downgrade')).toEqual([1, 2, 3, 4]);
    await comesBack(before);
    await goesForward();
  });

  describe.each(['20260301_0300', '20260301_0200', '20260301_0100', 'base'])('cut at %s', (revision) => {
    test('it passes, with as many lines as are left to do', async () => {
      await migrateTo(stage, 'upgrade', 'head');
      await migrateTo(stage, 'downgrade', revision);
      const finished = await stage.pass('downgrade', 'verify-downgrade');
      const lines = shellOutput(finished, 'downgrade').stdout.text.trimEnd().split('\n');
      expect(lines).toHaveLength(1 + REVISIONS.indexOf(revision));
      expect(await readCatalog(await stage.client())).toEqual(afterDowngrade);
    });
  });

  test('where no revision ever ran, it starts the services again', async () => {
    await stage.pass(ROLLBACK);
    await stage.pass(ROLLBACK);
    expect(await checksums(await stage.client())).toEqual(before);
  });

  test('after the backfill, all is what it was before the migration', async () => {
    await migrateAndBackfill(stage);
    await comesBack(before);
    await goesForward();
  });

  test('after Period 1, the old tables keep what crawls and analyses have written since', async () => {
    await migrateAndBackfill(stage);
    await queue(stage, "crawl --topic 'AI Safety Research' --count 3");
    expect(await queue(stage, 'analyse --all')).toEqual(["topic 'AI Safety Research': Period 1, 3 contents"]);
    const now = await checksums(await stage.client(), shape);
    expect(now.contents).not.toBe(before.contents);
    await comesBack(now);
    await goesForward();
  });
});
