import pg from 'pg';
import { CannotRun } from '../outcome/output.ts';

/**
 * The identifier of the cluster behind a connection; null where its role may not ask. Throws CannotRun where the
 * connection breaks.
 */
export async function systemIdentifier(client: pg.Client): Promise<string | null> {
  try {
    const { rows } = await client.query<{ system_identifier: string }>(
      'SELECT system_identifier FROM pg_catalog.pg_control_system()',
    );
    return rows[0]?.system_identifier ?? null;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code?.startsWith('42')) return null;
    throw new CannotRun(`the server does not say which cluster it is: ${(error as Error).message}`);
  }
}

/** Throws CannotRun where a connection leads to another cluster than the one that a run is bound to. */
export async function requireCluster(client: pg.Client, bound: string): Promise<void> {
  const found = await systemIdentifier(client);
  if (found === bound) return;
  throw new CannotRun(
    `the server is another one now: it was cluster ${bound}, and is now ${found ?? 'unknown'}`,
  );
}
