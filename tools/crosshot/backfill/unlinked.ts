import type { Client } from 'pg';

/** How many contents without a period the report names; it counts them all. */
const NAMED = 10;

interface Unlinked {
  id: string;
  topic_id: string | null;
  user_id: string | null;
}

/**
 * Says which contents have no period after the backfill, and why; returns how many. An orphan is of no topic
 * and no user, or of ones that are gone; the others wait for an active period of their topic or user.
 */
export async function reportUnlinked(client: Client, say: (line: string) => void): Promise<number> {
  const orphans = await count(client, HAS_NONE);
  say(`Orphaned contents: ${orphans}`);
  await name(client, HAS_NONE, orphans, say);
  const stranded = await count(client, HAS_ENTITY);
  if (stranded > 0) {
    say(`Contents whose topic or user has no active period: ${stranded}`);
    await name(client, HAS_ENTITY, stranded, say);
  }
  return orphans + stranded;
}

/**
 * Two subqueries, each of which PostgreSQL can hash; one with OR inside would scan all entities for each
 * content.
 */
const HAS_ENTITY = `(
  topic_id IN (SELECT entity_id FROM backfill_entity WHERE entity_type = 'topic')
  OR user_id IN (SELECT entity_id FROM backfill_entity WHERE entity_type = 'user')
)`;
const HAS_NONE = `${HAS_ENTITY} IS NOT TRUE`;

async function count(client: Client, condition: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM contents WHERE analysis_period_id IS NULL AND ${condition}`,
  );
  return rows[0]?.count ?? 0;
}

async function name(client: Client, condition: string, total: number, say: (line: string) => void) {
  if (total === 0) return;
  const { rows } = await client.query<Unlinked>(
    `SELECT id, topic_id, user_id FROM contents
     WHERE analysis_period_id IS NULL AND ${condition} ORDER BY crawled_at, id LIMIT ${NAMED}`,
  );
  for (const { id, topic_id, user_id } of rows) {
    say(`  ⚠️  content ${id}: topic ${topic_id ?? 'none'}, user ${user_id ?? 'none'}`);
  }
  if (total > NAMED) say(`  ... and ${total - NAMED} more`);
}
