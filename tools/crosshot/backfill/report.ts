import type { Client } from 'pg';
import { readInBatches } from './batches.ts';

type Outcome = 'created' | 'kept' | 'inactive' | 'empty';

/** A row of backfill_entity, as the report shows it; dates are UTC, `YYYY-MM-DD`. */
interface Entity {
  name: string;
  outcome: Outcome;
  start: string;
  end: string;
  hours: number;
  contents: string;
}

/** How many entities of a kind and activity there are, have a new Period 0, and had a period before. */
interface Group {
  entity_type: 'topic' | 'user';
  is_active: boolean;
  found: number;
  created: number;
  kept: number;
}

/** What the report calls the entities of a group. */
interface Wording {
  one: string;
  many: string;
  capital: string;
}

/** Says what became of every topic, then of every user; the active ones first, and each by name. */
export async function reportEntities(client: Client, say: (line: string) => void): Promise<void> {
  const groups = await countGroups(client);
  for (const [type, icon] of [
    ['topic', '📊'],
    ['user', '👤'],
  ] as const) {
    const capital = type === 'topic' ? 'Topic' : 'User';
    say(`${icon} Processing ${capital}s...`);
    for (const group of groups.filter(({ entity_type }) => entity_type === type)) {
      await reportGroup(client, group, { one: type, many: `${type}s`, capital }, say);
    }
  }
}

async function reportGroup(client: Client, group: Group, wording: Wording, say: (line: string) => void) {
  const { found, created, kept, is_active } = group;
  if (found === 0 && !is_active) return;
  const kind = is_active ? 'active' : 'paused or cancelled';
  say(`Found ${found} ${kind} ${found === 1 ? wording.one : wording.many}`);
  for await (const entity of readInBatches<Entity>(client, ENTITIES, [group.entity_type, is_active])) {
    for (const line of linesOf(entity, wording)) say(line);
  }
  const subject = is_active ? `${wording.capital}s` : `Paused or cancelled ${wording.many}`;
  say(`\n${subject} migrated: ${created}/${found}${kept > 0 ? ` (${kept} before)` : ''}\n`);
}

function linesOf(
  { name, outcome, start, end, hours, contents }: Entity,
  { one, capital }: Wording,
): string[] {
  const quoted = `'${printable(name)}'`;
  switch (outcome) {
    case 'created':
      return [
        `  ✅ Created Period 0 for ${one} ${quoted}:`,
        `     - Period: ${start} → ${end} (${hours.toFixed(1)}h)`,
        `     - Contents: ${contents}`,
      ];
    case 'empty':
      return [`  ⏭️  ${capital} ${quoted} has no contents, skipping`];
    case 'kept':
      return [`  ⏭️  ${capital} ${quoted} has a period already, skipping`];
    case 'inactive':
      return [`  ⚠️  ${capital} ${quoted} has periods, but no active one, skipping`];
  }
}

/** A name is data: it must not move the cursor or start a line of its own. */
const printable = (name: string) => name.replace(/\p{Cc}/gu, ' ');

async function countGroups(client: Client): Promise<Group[]> {
  const { rows } = await client.query<Group>(`
    SELECT
      entity_type,
      is_active,
      count(outcome)::integer AS found,
      count(*) FILTER (WHERE outcome = 'created')::integer AS created,
      count(*) FILTER (WHERE outcome = 'kept')::integer AS kept
    FROM (VALUES ('topic'), ('user')) AS type (entity_type)
    CROSS JOIN (VALUES (true), (false)) AS activity (is_active)
    LEFT JOIN backfill_entity USING (entity_type, is_active)
    GROUP BY entity_type, is_active
    ORDER BY entity_type, is_active DESC`);
  return rows;
}

const ENTITIES = `
  SELECT
    name,
    outcome,
    to_char(period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS start,
    to_char(period_end AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS end,
    extract(epoch FROM period_end - period_start)::double precision / 3600 AS hours,
    content_count AS contents
  FROM backfill_entity
  WHERE entity_type = $1 AND is_active = $2
  ORDER BY name, entity_id`;
