import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBackfill } from '../../tools/crosshot/backfill/run.ts';
import type { Connection } from '../../tools/crosshot/migrate/run-step.ts';
import type { SpecDatabase } from '../support/database.ts';
import { connectionTo, createMigrated } from './databases.ts';
import { addContent, addTopic, addUser } from './seed.ts';

/**
 * The set-based SQL against the specification in its plainest form: one entity and one content after another.
 */

interface Entity {
  status: string;
  last_crawl_at: Date | null;
  last_summary: string | null;
  summary_data: unknown;
}

interface Content {
  topic: number | null;
  user: number | null;
  crawled_at: Date;
}

interface World {
  topics: Entity[];
  users: Entity[];
  contents: Content[];
}

const moment = fc.integer({ min: 0, max: 5 }).map((hour) => new Date(Date.UTC(2025, 0, 1, hour)));

const entity: fc.Arbitrary<Entity> = fc.record({
  status: fc.constantFrom('active', 'paused', 'cancelled'),
  last_crawl_at: fc.option(moment),
  last_summary: fc.constantFrom(null, '', 'written'),
  summary_data: fc.oneof(
    fc.constantFrom(undefined, null, [], 'text', 1, {}),
    fc.record(
      { insights: fc.jsonValue({ maxDepth: 1 }), metrics: fc.jsonValue({ maxDepth: 1 }) },
      { requiredKeys: [] },
    ),
  ),
});

const place = fc.option(fc.integer({ min: 0, max: 2 }));

const world: fc.Arbitrary<World> = fc.record({
  topics: fc.array(entity, { minLength: 3, maxLength: 3 }),
  users: fc.array(entity, { minLength: 3, maxLength: 3 }),
  contents: fc.array(fc.record({ topic: place, user: place, crawled_at: moment }), { maxLength: 8 }),
});

/** The period that an entity is due, or null; `now` is when the backfill ran. */
function expectedPeriod(entity: Entity, crawled: Content[], now: Date) {
  if (crawled.length === 0) return null;
  const times = crawled.map(({ crawled_at }) => crawled_at.getTime());
  const start = Math.min(...times);
  const reached = Math.max(...times, (entity.last_crawl_at ?? now).getTime());
  const end = reached > start ? reached : start + 1;
  const data = entity.summary_data;
  const object =
    typeof data === 'object' && !Array.isArray(data) ? (data as Record<string, unknown> | null) : null;
  return {
    period_start: new Date(start),
    period_end: new Date(end),
    // To the millisecond: a now() has microseconds, which a Date has not.
    duration_hours: expect.closeTo((end - start) / 3_600_000, 6),
    content_count: crawled.length,
    summary: entity.last_summary || 'Legacy period - migrated from pre-temporal schema',
    insights: normal(object?.insights ?? {}),
    metrics: normal(object?.metrics ?? {}),
  };
}

/** As jsonb would give it back: it has no negative zero. */
const normal = (value: unknown) => JSON.parse(JSON.stringify(value));

let database: SpecDatabase;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  database = await createMigrated();
  connection = await connectionTo(database);
  client = await database.connect();
});
afterAll(() => database.drop());

async function store({ topics, users, contents }: World) {
  await client.query('TRUNCATE topics, users, tasks, contents, analysis_periods CASCADE');
  const row = (entity: Entity) => ({
    ...entity,
    summary_data: entity.summary_data === undefined ? null : JSON.stringify(entity.summary_data),
  });
  const topicIds = await inTurn(topics, (topic) => addTopic(client, row(topic)));
  const userIds = await inTurn(users, (user) => addUser(client, row(user)));
  const contentIds = await inTurn(contents, ({ topic, user, crawled_at }) =>
    addContent(client, {
      id: randomUUID(),
      crawled_at,
      topic_id: topic === null ? null : topicIds[topic],
      user_id: user === null ? null : userIds[user],
    }),
  );
  return { topicIds, userIds, contentIds };
}

async function inTurn<In, Out>(values: In[], work: (value: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (const value of values) results.push(await work(value));
  return results;
}

const PERIODS = `
  SELECT id, entity_id, created_at,
    period_start, period_end, duration_hours, content_count, summary, insights, metrics
  FROM analysis_periods`;

/** What the backfill made: the periods by entity, the links by content, and when it ran. */
async function backfill() {
  await runBackfill(connection, { dryRun: false, say: () => undefined, warn: () => undefined });
  const { rows } = await client.query(PERIODS);
  const links = await client.query('SELECT id, analysis_period_id FROM contents');
  return {
    now: rows[0]?.created_at as Date,
    periods: new Map(rows.map(({ id, entity_id, created_at, ...row }) => [entity_id, { id, row }])),
    links: new Map(links.rows.map((row) => [row.id, row.analysis_period_id])),
  };
}

test('any data gives the periods and links that going through it row by row gives', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      const { topicIds, userIds, contentIds } = await store(given);
      const { now, periods, links } = await backfill();
      for (const [kind, entities, ids] of [
        ['topic', given.topics, topicIds],
        ['user', given.users, userIds],
      ] as const) {
        for (const [index, entity] of entities.entries()) {
          const crawled = given.contents.filter((content) => content[kind] === index);
          const due = expectedPeriod(entity, crawled, now);
          expect(periods.get(ids[index])?.row ?? null).toEqual(due);
        }
      }
      for (const [index, { topic, user }] of given.contents.entries()) {
        const owner = user !== null ? userIds[user] : topic !== null ? topicIds[topic] : null;
        expect(links.get(contentIds[index])).toBe(owner ? periods.get(owner)?.id : null);
      }
    }),
    { numRuns: 30 },
  );
});
