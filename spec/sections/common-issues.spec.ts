import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ShellOutput } from '../../tools/outcome/output.ts';
import { command } from '../crosshot/command.ts';
import { addContent, addTopic, addUser } from '../crosshot/seed.ts';
import { blockNamed, shellOutput, statementsWrong } from '../support/blocks.ts';
import { describeStage, type SpecStage } from '../support/stage.ts';
import { connect } from '../support/states.ts';
import { migrateAndBackfill } from './migrated.ts';

/** The text under **Error** whose cure this block is. */
function errorCuredBy(block: string): string {
  const { cures } = blockNamed(block);
  if (!cures) throw new Error(`\`${block}\` is not a Fix with an Error`);
  return cures;
}

describeStage(['postgres'], (stage) => {
  beforeAll(async () => {
    await stage.query('CREATE ROLE migrator LOGIN');
    await stage.save('before');
    await migrateAndBackfill(stage);
    await stage.save('migrated');
  });
  afterEach(() => {
    for (const name of Object.keys(stage.variables)) delete stage.variables[name];
    vi.unstubAllEnvs();
  });

  describe('extensions not created', () => {
    beforeEach(() => stage.restore('before'));

    test('a role without privileges is refused, and goes on once the owner has created them', async () => {
      await giveTablesTo(stage, 'migrator');
      stage.variables.DATABASE_URL = Object.assign(new URL(stage.url), { username: 'migrator' }).href;
      const refused = await stage.run(['migrate']);
      expect(shellOutput(refused, 'migrate').stderr.text).toContain(errorCuredBy('fix-extensions'));
      expect(await isSick(stage, 'verify-extensions')).toBe(true);
      await stage.pass('common-issues/extensions-not-created');
      await stage.pass('migrate', 'current-after');
    });
  });

  describe('contents that no period can hold', () => {
    beforeEach(() => stage.restore('before'));

    test('are named by the backfill, deleted by the fix, and then missed by nobody', async () => {
      const { orphan, ofUser, ofTopic, neither } = await loseEntities(stage);
      await stage.pass('migrate');
      const failed = await backfill(stage);
      expect(failed.exitCode).toBe(1);
      expect(failed.stderr.text).toContain(errorCuredBy('fix-orphans'));
      expect(failed.stdout.text).toContain(`content ${orphan}: topic`);
      expect(failed.stdout.text).toContain(`content ${neither}: topic none, user none`);
      expect(await linkedOf(stage, [orphan, ofUser, ofTopic, neither])).toEqual([ofUser, ofTopic].sort());

      expect(await isSick(stage, 'verify-orphans')).toBe(true);
      await stage.pass('common-issues/contents-that-no-period-can-hold');
      expect(await backfill(stage)).toMatchObject({ exitCode: 0 });
      await stage.pass('step-6');
      const kept = await stage.query<{ id: string; topic_id: string | null; user_id: string | null }>(
        'SELECT id, topic_id, user_id FROM contents WHERE id = ANY ($1)',
        [[orphan, ofUser, ofTopic, neither]],
      );
      expect(kept).toHaveLength(2);
      expect(kept).toContainEqual({ id: ofUser, topic_id: null, user_id: expect.any(String) });
      expect(kept).toContainEqual({ id: ofTopic, topic_id: expect.any(String), user_id: null });
    });
  });

  describe('the migration cannot connect', () => {
    beforeEach(() => stage.restore('migrated'));

    test('with a DATABASE_URL of one’s own, and does with the one that blocks are given', async () => {
      const nowhere = 'postgresql://crosshot@127.0.0.1:1/crosshot';
      vi.stubEnv('DATABASE_URL', nowhere);
      const { exitCode, stderr } = await command('migrate', ['current'], { DATABASE_URL: nowhere });
      expect(exitCode).toBe(3);
      expect(stderr).toContain(errorCuredBy('fix-connection'));
      await stage.pass('common-issues/the-migration-cannot-connect');
    });
  });

  describe('a refresh blocks all readers', () => {
    const REFRESH = 'REFRESH MATERIALIZED VIEW';
    const VIEW = 'mv_period_metrics_trend';
    beforeEach(() => stage.restore('migrated'));

    test('a plain one does; one that is not to is refused without a unique index', async () => {
      await expect(stage.query(`${REFRESH} CONCURRENTLY ${VIEW}`)).rejects.toThrow(
        errorCuredBy('fix-refresh'),
      );
      const [refresher, reader] = await Promise.all([connect(stage.url), connect(stage.url)]);
      try {
        const rows = reader.query(`SET lock_timeout = '100ms'; SELECT count(*) FROM ${VIEW}`);
        await expect(rows).resolves.toBeDefined();
        await refresher.query(`BEGIN; ${REFRESH} ${VIEW}`);
        await expect(reader.query(`SELECT FROM ${VIEW}`)).rejects.toMatchObject({ code: '55P03' });
      } finally {
        await Promise.all([refresher.end(), reader.end()]);
      }
    });

    test('after the fix a concurrent one leaves readers in peace, and the fix itself does', async () => {
      expect(await isSick(stage, 'verify-concurrent-refresh')).toBe(true);
      await stage.pass('common-issues/a-refresh-blocks-all-readers');
      const [refresher, reader] = await Promise.all([connect(stage.url), connect(stage.url)]);
      try {
        await refresher.query(`BEGIN; ${REFRESH} CONCURRENTLY ${VIEW}`);
        await reader.query(`BEGIN; SET LOCAL lock_timeout = '100ms'; SELECT FROM ${VIEW}`);
        await refresher.query('COMMIT');
        // The reader still holds the view open; a fix that waited for it would fail.
        await stage.query(`ALTER DATABASE crosshot SET lock_timeout = '2s'`);
        await stage.pass('common-issues/a-refresh-blocks-all-readers');
      } finally {
        await Promise.all([refresher.end(), reader.end()]);
      }
    });
  });
});

/** Whether the block that looks for the cure sees that there is none yet. */
async function isSick(stage: SpecStage, block: string): Promise<boolean> {
  return statementsWrong(await stage.run([block]), block).length > 0;
}

/** A role that owns the tables may migrate them, and may yet not create anything in the database itself. */
async function giveTablesTo(stage: SpecStage, role: string): Promise<void> {
  await stage.query(`
    DO $$
    DECLARE
      relation regclass;
    BEGIN
      FOR relation IN
        SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO ${role}', relation);
      END LOOP;
    END
    $$`);
}

/** A topic and a user go, in a database without foreign keys; returns the contents that they leave behind. */
async function loseEntities(stage: SpecStage) {
  const client = await stage.client();
  const gone = { topic_id: await addTopic(client), user_id: await addUser(client) };
  const living = { topic_id: await addTopic(client), user_id: await addUser(client) };
  const contents = {
    orphan: await addContent(client, { topic_id: gone.topic_id }),
    ofUser: await addContent(client, { topic_id: gone.topic_id, user_id: living.user_id }),
    ofTopic: await addContent(client, { topic_id: living.topic_id, user_id: gone.user_id }),
    neither: await addContent(client, {}),
  };
  await client.query(`
    ALTER TABLE contents DROP CONSTRAINT contents_topic_id_fkey, DROP CONSTRAINT contents_user_id_fkey;
    DELETE FROM topics WHERE id = '${gone.topic_id}';
    DELETE FROM users WHERE id = '${gone.user_id}'`);
  return contents;
}

/** The backfill of step 5; its example speaks of other data, so it is not judged. */
async function backfill(stage: SpecStage): Promise<ShellOutput> {
  return shellOutput(await stage.run(['backfill']), 'backfill');
}

async function linkedOf(stage: SpecStage, ids: string[]): Promise<string[]> {
  const rows = await stage.query<{ id: string }>(
    'SELECT id FROM contents WHERE id = ANY ($1) AND analysis_period_id IS NOT NULL ORDER BY id',
    [ids],
  );
  return rows.map(({ id }) => id);
}
