import type { Client } from 'pg';
import { FATE, type Fate, type Fates } from './fates.ts';

/** How many contents without a period the report names; it counts them all. */
const NAMED = 10;

interface Unlinked {
  id: string;
  topic_id: string | null;
  user_id: string | null;
}

/** Says which contents are left without a period, and why. Needs the fates as they are before the links. */
export async function reportUnlinked(
  client: Client,
  { orphan, stranded }: Fates,
  say: (line: string) => void,
): Promise<void> {
  say(`Orphaned contents: ${orphan}`);
  await name(client, 'orphan', orphan, say);
  if (stranded > 0) {
    say(`Contents whose topic or user has no active period: ${stranded}`);
    await name(client, 'stranded', stranded, say);
  }
}

async function name(client: Client, fate: Fate, total: number, say: (line: string) => void) {
  if (total === 0) return;
  const { rows } = await client.query<Unlinked>(
    `SELECT id, topic_id, user_id FROM contents
     WHERE analysis_period_id IS NULL AND ${FATE} = $1 ORDER BY crawled_at, id LIMIT ${NAMED}`,
    [fate],
  );
  for (const { id, topic_id, user_id } of rows) {
    say(`  ⚠️  content ${id}: topic ${topic_id ?? 'none'}, user ${user_id ?? 'none'}`);
  }
  if (total > NAMED) say(`  ... and ${total - NAMED} more`);
}
