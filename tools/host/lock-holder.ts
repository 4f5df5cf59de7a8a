import type pg from 'pg';

/** One number that all runs agree on: the letters of `runbook` in hexadecimal. */
export const KEY = '32215986741210987';

/** The session that has the lock, as the server describes it. */
export interface Holder {
  /** Of its backend. */
  pid: string;
  /** `runbook`, the run, and who began it, on which machine. */
  name: string;
  /** When its connection was made, with microseconds: with the pid, it is no other's. */
  since: string;
  /** How long ago it last said something, in seconds. */
  silent: string;
  /** Whether the server ends it when it is silent for too long. */
  frees: boolean;
}

/** Who has the lock; null where nobody does. */
export async function holderOf(client: pg.Client): Promise<Holder | null> {
  const { rows } = await client.query<Omit<Holder, 'frees'> & { frees: string }>(
    `SELECT pid, application_name AS name, backend_start AS since,
       coalesce(greatest(0, extract(epoch FROM clock_timestamp() - state_change))::int::text, '?') AS silent,
       current_setting('server_version_num')::int >= 140000 AS frees
     FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = ${KEY} AND granted`,
  );
  const [row] = rows;
  return row ? { ...row, frees: row.frees === 't' } : null;
}

/** Whether the session behind this connection is the one that has the lock. */
export async function isHeldBy(client: pg.Client, { pid, since }: Holder): Promise<boolean> {
  const holder = await holderOf(client);
  return holder?.pid === pid && holder.since === since;
}

/** For who is kept out: who that is, how it can be that nobody is, and what to do. */
export function showHolder(
  { name, pid, since, silent, frees }: Holder,
  idleS: number,
  wayOut: string,
): string {
  const start = since.replace(/\.\d+/, '').replace(/\+00$/, ' UTC');
  const freed = frees
    ? `${idleS} s after its last sign of life the server lets go of it by itself`
    : 'the server lets go of it when it notices that its connection has ended';
  return [
    `another run is at work there: ${name}, since ${start}, process ${pid} of the server,`,
    `last sign of life ${silent} s ago; wait for its end.`,
    `Where its tool is dead, ${freed}, and this ends it at once: ${wayOut}`,
  ].join(' ');
}
