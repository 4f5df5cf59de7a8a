import type { Client } from 'pg';

/**
 * What the backfill does with a content.
 *   linked    it has a period already, and keeps it
 *   due       its user or its topic has a period, which it is given
 *   stranded  its topic or user has no active period
 *   orphan    it is of no topic and no user, or of ones that are gone
 */
export type Fate = 'linked' | 'due' | 'stranded' | 'orphan';

/** How many contents there are of each fate. */
export type Fates = Record<Fate, number>;

/**
 * Lists, each of which PostgreSQL can hash; one with OR inside would be gone through for each content. Where a
 * content has no topic or no user, the condition is null, which CASE takes for false.
 */
const entities = (kind: 'topic' | 'user') =>
  `SELECT entity_id FROM backfill_entity WHERE entity_type = '${kind}'`;
const withPeriod = (kind: 'topic' | 'user') => `${entities(kind)} AND period_id IS NOT NULL`;

/** The fate of a row of contents as an expression; before the links are made, and while backfill_entity is there. */
export const FATE = `CASE
  WHEN analysis_period_id IS NOT NULL THEN 'linked'
  WHEN user_id IN (${withPeriod('user')}) OR topic_id IN (${withPeriod('topic')}) THEN 'due'
  WHEN user_id IN (${entities('user')}) OR topic_id IN (${entities('topic')}) THEN 'stranded'
  ELSE 'orphan'
END`;

export async function countFates(client: Client): Promise<Fates> {
  const { rows } = await client.query<{ fate: Fate; count: number }>(
    `SELECT ${FATE} AS fate, count(*)::integer AS count FROM contents GROUP BY fate`,
  );
  const counts = Object.fromEntries(rows.map(({ fate, count }) => [fate, count]));
  return { linked: 0, due: 0, stranded: 0, orphan: 0, ...counts };
}
