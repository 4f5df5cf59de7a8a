import type { Client } from 'pg';
import type { Fates } from './fates.ts';

/** Measured (docs/performance.md): from about this share of the contents on, a rewrite is the cheaper way. */
const LEAST_SHARE = 0.5;

/**
 * Whether contents may be written anew instead of updated, and whether that is the cheaper way. A rewrite tells
 * nobody of its changes, so whatever is there to see or to change an UPDATE must be given one.
 */
export async function isRewritable(
  client: Client,
  { linked, due, stranded, orphan }: Fates,
): Promise<boolean> {
  if (due < LEAST_SHARE * (linked + due + stranded + orphan)) return false;
  const { rows } = await client.query<{ rewritable: boolean }>(REWRITABLE);
  return rows[0]?.rewritable ?? false;
}

/**
 * In the order of the lines: rules; tables that inherit; row security; generated columns; triggers of users, and foreign keys whose own triggers are
 * switched off, which would come back switched on; logical replication, by publication or by slot; event
 * triggers; indexes that could not be built before, and cannot now. And long texts stand outside the rows, where an
 * UPDATE leaves them: there must be no more of them than of rows.
 */
const REWRITABLE = `
  SELECT
    NOT relhasrules
    AND NOT relhassubclass
    AND NOT relrowsecurity
    AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = contents.oid AND attgenerated <> '')
    AND NOT EXISTS (
      SELECT FROM pg_trigger
      WHERE contents.oid IN (tgrelid, tgconstrrelid) AND (tgenabled <> 'O' OR NOT tgisinternal)
    )
    AND NOT EXISTS (
      SELECT FROM pg_publication WHERE puballtables
      UNION ALL
      SELECT FROM pg_publication_rel WHERE prrelid = contents.oid
      UNION ALL
      SELECT FROM pg_replication_slots WHERE database = current_database()
    )
    AND NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtenabled <> 'D')
    AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = contents.oid AND NOT indisvalid)
    AND coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0) <= pg_relation_size(contents.oid)
    AS rewritable
  FROM pg_class AS contents
  WHERE oid = 'contents'::regclass`;
