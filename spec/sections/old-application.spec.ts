import { beforeAll, beforeEach, expect, test } from 'vitest';
import { describeStage, type SpecStage } from '../support/stage.ts';
import { connect } from '../support/states.ts';
import { queue } from './agents.ts';

const TOPIC = 'Quantum Computing';
const REVISIONS = ['20260301_0100', '20260301_0200', '20260301_0300'];

describeStage([], (stage) => {
  beforeAll(() => stage.save('before'));
  beforeEach(() => stage.restore('before'));

  const crawlThree = () => queue(stage, `crawl --topic '${TOPIC}' --count 3`);

  test('queries and inserts work after each revision, and after each on the way back', async () => {
    const others = (await topics(stage)).filter(({ name }) => name !== TOPIC);
    const moves = [
      ...REVISIONS.map((id) => `upgrade ${id}`),
      'downgrade -1',
      'downgrade -1',
      'downgrade base',
    ];
    for (const move of moves) {
      await stage.shell('local', `tools/migrate ${move}`);
      expect(await crawlThree()).toEqual(['stored 3 contents']);
      const now = await topics(stage);
      expect(now.filter(({ name }) => name !== TOPIC)).toEqual(others);
      expect(now).toHaveLength(others.length + 1);
    }
    const [{ crawled } = { crawled: 0 }] = await stage.query<{ crawled: number }>(
      `SELECT count(*)::int AS crawled FROM contents WHERE crawled_at > now() - interval '1 hour'`,
    );
    expect(crawled).toBe(3 * moves.length);
  });

  test.each([
    ['upgrade', 'migrate'],
    ['downgrade', 'downgrade'],
  ])('no query and no insert fails while the %s goes on', async (_, block) => {
    if (block === 'downgrade') await stage.pass('migrate');
    let goesOn = true;
    const migrating = stage.pass(block).finally(() => {
      goesOn = false;
    });
    const asking = repeat(
      () => goesOn,
      async () => expect(await topics(stage)).toHaveLength(9),
    );
    const crawling = repeat(
      () => goesOn,
      async () => expect(await crawlThree()).toEqual(['stored 3 contents']),
    );
    await Promise.all([migrating, asking, crawling]);
  });

  test('a query and an insert that come while a revision waits for its lock have their turn', async () => {
    const writer = await connect(stage.url);
    try {
      await writer.query('BEGIN; LOCK TABLE topics IN ROW EXCLUSIVE MODE');
      const migrating = stage.pass('migrate');
      await expect.poll(() => waiting(stage, 'AccessExclusiveLock'), { timeout: 120_000 }).toBe(1);
      const crawling = crawlThree();
      const asking = topics(stage);
      await expect.poll(() => waiting(stage, 'AccessShareLock'), { timeout: 120_000 }).toBeGreaterThan(0);
      await writer.query('COMMIT');
      await migrating;
      expect(await asking).toHaveLength(9);
      expect(await crawling).toEqual(['stored 3 contents']);
    } finally {
      await writer.end();
    }
  });
});

async function topics(stage: SpecStage): Promise<{ name: string }[]> {
  const response = await fetch(`${stage.apiUrl}/api/topics`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { topics: { name: string }[] }).topics;
}

async function repeat(goesOn: () => boolean, work: () => Promise<unknown>): Promise<void> {
  do await work();
  while (goesOn());
}

/** How many sessions wait for a lock of this mode on the table of topics. */
async function waiting(stage: SpecStage, mode: string): Promise<number> {
  const [row] = await stage.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_locks WHERE relation = 'topics'::regclass AND mode = $1 AND NOT granted`,
    [mode],
  );
  return row?.count ?? 0;
}
