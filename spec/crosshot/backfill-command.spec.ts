import { once } from 'node:events';
import type { Client } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SpecDatabase } from '../support/database.ts';
import { checksums } from './checksum.ts';
import { command } from './command.ts';
import { createMigrated } from './databases.ts';
import { addContent, addTopic } from './seed.ts';

let database: SpecDatabase;
let client: Client;

beforeEach(async () => {
  database = await createMigrated();
  client = await database.connect();
  const topic = await addTopic(client, { name: 'Batteries', last_crawl_at: '2025-01-03T12:00:00Z' });
  for (let index = 0; index < 5; index++) await addContent(client, { topic_id: topic });
});
afterEach(() => database.drop());

const backfill = (...args: string[]) =>
  command('backfill', args, { DATABASE_URL: database.url, TZ: 'Asia/Tokyo' });

test('it prints the report and ends 0; a dry run first changes nothing', async () => {
  const before = await checksums(client);
  const dry = await backfill('--dry-run');
  expect(await checksums(client)).toEqual(before);
  expect(dry.exitCode).toBe(0);
  const real = await backfill();
  expect(real).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: `📊 Processing Topics...
Found 1 active topic
  ✅ Created Period 0 for topic 'Batteries':
     - Period: 2025-01-02 → 2025-01-03 (36.0h)
     - Contents: 5

Topics migrated: 1/1

👤 Processing Users...
Found 0 active users

Users migrated: 0/0

🔗 Linking Contents...
Contents linked: 5
Orphaned contents: 0

Committed`,
  });
  expect(dry.stdout).toBe(real.stdout.replace(/Committed$/, 'Dry run: rolled back, nothing was changed'));
});

test('orphans make it end 1, with everything else done', async () => {
  await addContent(client, {});
  const { exitCode, stdout, stderr } = await backfill();
  expect(stdout).toMatch(/Contents linked: 5\nOrphaned contents: 1\n.*\n\nCommitted$/);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'error: contents without a period: 1, named above',
  });
});

test('killed in the middle, it leaves nothing', async () => {
  const before = await checksums(client);
  const { running } = await heldBackfill();
  running.kill('SIGKILL');
  expect(await running).toMatchObject({ signal: 'SIGKILL' });
  await client.query('SELECT pg_advisory_unlock(1)');
  await vi.waitFor(async () => expect(await connected()).toHaveLength(0), { timeout: 120_000 });
  await client.query('DROP TRIGGER hold ON contents; DROP SEQUENCE seen');
  expect(await checksums(client)).toEqual(before);
  expect((await backfill()).stdout).toContain('Contents linked: 5');
});

test.each([
  ['backfill', [], /Contents linked: 0/],
  ['migrate', ['downgrade', 'base'], /^Running downgrade 20260301_0300 -> /],
] as const)('a %s beside it waits for it to end, and says for whom', async (name, args, printed) => {
  const { running, pid } = await heldBackfill();
  const beside = command(name, [...args], { DATABASE_URL: database.url });
  const waits = `another migration or backfill is running (pid ${pid}); waiting for it to end`;
  const first = await Promise.race([once(beside.stderr, 'data'), beside]);
  expect(String(first)).toContain(waits);
  await client.query('SELECT pg_advisory_unlock(1)');
  expect(await running).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/Contents linked: 5/) });
  expect(await beside).toMatchObject({ exitCode: 0, stderr: waits, stdout: expect.stringMatching(printed) });
});

/** A backfill that a trigger holds at the third content, when the periods are written and two contents are linked. */
async function heldBackfill() {
  await client.query(`
    CREATE SEQUENCE seen;
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('seen') = 3 THEN PERFORM pg_advisory_lock(1); END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER hold BEFORE UPDATE ON contents FOR EACH ROW EXECUTE FUNCTION hold();
    SELECT pg_advisory_lock(1)`);
  const running = backfill();
  await vi.waitFor(async () => expect(await waiting()).toHaveLength(1), { timeout: 120_000 });
  return { running, pid: (await waiting())[0]?.pid };
}

const sessions = async (condition: string) =>
  (
    await client.query(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'backfill' AND ${condition}`,
    )
  ).rows;
const waiting = () => sessions(`wait_event = 'advisory' AND query LIKE 'UPDATE contents%'`);
const connected = () => sessions('true');
