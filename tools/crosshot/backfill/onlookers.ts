import type { Client } from 'pg';

const LOOKS = 5;

/**
 * Whether another session of this database has a snapshot that it keeps. To one that was taken before a rewrite is
 * committed the table is empty from then on (a rewrite is the one change that snapshots do not hide): a pg_dump
 * that begins meanwhile would write a backup without contents. A snapshot of a single statement is gone at one
 * of the looks; who keeps one is seen by all of them.
 */
export async function hasOnlookers(client: Client): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    // A transaction goes on seeing the sessions of its first look, unless it is told to look again.
    await client.query('SELECT pg_stat_clear_snapshot()');
    const { rows } = await client.query(SNAPSHOTS);
    if (rows.length === 0) return false;
  }
  return true;
}

const SNAPSHOTS = `
  SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
    AND backend_type IS DISTINCT FROM 'autovacuum worker'`;
