import type { Client } from 'pg';

/** The columns of each table, in order: which of a database's data a checksum is taken of. */
export type Shape = Record<string, string[]>;

/** All columns of all tables in schema `public`, but for the version table. */
export async function shapeOf(client: Client): Promise<Shape> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(`
    SELECT c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
    GROUP BY c.relname
    ORDER BY c.relname`);
  return Object.fromEntries(rows.map(({ table, columns }) => [table, columns]));
}

/**
 * For each table and each sequence of schema `public` a text that changes when any of its rows does: the
 * number of rows and the sum of their 64-bit hashes, whatever order they are stored in. A shape taken before
 * a migration makes checksums of the old columns only, so that they can be compared with those taken after
 * it.
 */
export async function checksums(client: Client, shape?: Shape): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const [table, columns] of Object.entries(shape ?? (await shapeOf(client)))) {
    sums[table] = await checksumOf(client, table, columns);
  }
  const { rows } = await client.query(
    `SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`,
  );
  for (const { sequencename, last_value } of rows) sums[sequencename] = `at ${last_value}`;
  return sums;
}

async function checksumOf(client: Client, table: string, columns: string[]): Promise<string> {
  const row = columns.map((column) => client.escapeIdentifier(column)).join(', ');
  const { rows } = await client.query(`
    SELECT format('%s rows, %s', count(*), sum(hashtextextended(ROW(${row})::text, 0))) AS sum
    FROM ${client.escapeIdentifier(table)}`);
  return rows[0].sum;
}
