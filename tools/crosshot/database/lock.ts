import type { Client } from 'pg';

/**
 * One lock for everything that changes the schema or the periods: migrations and backfills exclude each
 * other.
 */
const KEY = `hashtextextended('testable-runbook/temporal', 0)`;

/**
 * Does `work` while no other migration or backfill runs on this database. The lock belongs to the session, so
 * it spans the transactions of several revisions, and the server frees it if this process is killed. Where it
 * must wait it says so first, naming the session that it waits for.
 */
export async function withTemporalLock<T>(
  client: Client,
  warn: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query(`SELECT pg_try_advisory_lock(${KEY}) AS taken`);
  if (!rows[0]?.taken) {
    warn(`another migration or backfill is running (${await holder(client)}); waiting for it to end`);
    await client.query(`SELECT pg_advisory_lock(${KEY})`);
  }
  try {
    return await work();
  } finally {
    // A connection that was lost has freed the lock already.
    await client.query(`SELECT pg_advisory_unlock(${KEY})`).catch(() => undefined);
  }
}

async function holder(client: Client): Promise<string> {
  const { rows } = await client.query(`
    SELECT pid FROM pg_locks
    WHERE locktype = 'advisory' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (classid::bigint << 32) | objid::bigint = ${KEY}`);
  return rows[0] === undefined ? 'it ends just now' : `pid ${rows[0].pid}`;
}
