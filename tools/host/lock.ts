import { hostname, userInfo } from 'node:os';
import { CannotRun } from '../outcome/output.ts';
import { type ConnectDatabase, connectClient, type DatabaseLogin, MAINTENANCE } from './database.ts';

type Client = Awaited<ReturnType<typeof connectClient>>;

/** One number that all runs agree on: the letters of `runbook` in hexadecimal. */
const KEY = '32215986741210987';

/**
 * Keeps a second operator out for as long as this process lives: the server itself lets go when the connection ends.
 * It is held in a database that no step drops. Throws CannotRun where another run is at work.
 */
export async function lockServer(
  connect: ConnectDatabase,
  login: DatabaseLogin,
): Promise<() => Promise<void>> {
  const client = await connectClient(connect, { ...login, name: MAINTENANCE });
  try {
    await take(client);
    return () => client.end();
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function take(client: Client): Promise<void> {
  const me = `runbook ${userInfo().username}@${hostname()}`.slice(0, 63);
  await client.query(`SELECT set_config('application_name', $1, false)`, [me]);
  const { rows } = await client.query<{ locked: string }>(`SELECT pg_try_advisory_lock(${KEY}) AS locked`);
  if (rows[0]?.locked !== 't')
    throw new CannotRun(`another run is at work there: ${await holderOf(client)}; wait for its end`);
}

async function holderOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ holder: string }>(
    `SELECT application_name || ', since ' || to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS UTC') AS holder
     FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = ${KEY} AND granted`,
  );
  return rows[0]?.holder ?? 'it has just ended';
}
