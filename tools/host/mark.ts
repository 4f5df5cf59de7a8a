import { type ConnectDatabase, connectClient, type DatabaseLogin, MAINTENANCE } from './database.ts';

export type { DatabaseLogin };

/**
 * A setting of the server, which is given it when it is started, so that no DROP DATABASE takes it away. Only
 * replicas have it.
 */
const MARK_SETTING = 'runbook.replica';

/** Which replica a server says it is; null where it is none. Throws CannotRun where it cannot be asked. */
export async function markOf(connect: ConnectDatabase, login: DatabaseLogin): Promise<string | null> {
  const client = await connectClient(connect, { ...login, name: MAINTENANCE });
  try {
    const { rows } = await client.query<{ mark: string | null }>(
      `SELECT nullif(current_setting('${MARK_SETTING}', true), '') AS mark`,
    );
    return rows[0]?.mark ?? null;
  } finally {
    await client.end();
  }
}
