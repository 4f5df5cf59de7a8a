import { sqlStateOf } from '../database/database-error.ts';
import { Failure } from '../failure.ts';
import type { Connection } from '../migrate/run-step.ts';
import type { Fates } from './fates.ts';
import { hasOnlookers } from './onlookers.ts';
import { isRewritable } from './rewritable.ts';
import { runStage } from './stage.ts';

/**
 * Gives the contents that are due their periods, in one of two ways that leave the same rows: by a rewrite of the
 * table, or by UPDATEs. Nothing may come between this and the COMMIT (see hasOnlookers). Throws Failure.
 */
export async function linkContents(connection: Connection, fates: Fates): Promise<void> {
  if (fates.due === 0) return;
  if (await rewrite(connection, fates)) return;
  const linked = await runStage(connection, 'links');
  if (linked !== fates.due) {
    throw new Failure(
      1,
      `${linked} of ${fates.due} contents could be linked: look for a trigger or a rule that holds the others`,
    );
  }
}

/** Whether it was done: where not, the table is as it was. */
async function rewrite(connection: Connection, fates: Fates): Promise<boolean> {
  const { client } = connection;
  if (!(await isRewritable(client, fates)) || (await hasOnlookers(client))) return false;
  await client.query('SAVEPOINT before_rewrite');
  try {
    await runStage(connection, 'rewrite');
    if (!(await hasOnlookers(client))) return true;
  } catch (error) {
    if (!REFUSALS.includes(sqlStateOf(error) ?? '')) throw error;
  }
  await client.query('ROLLBACK TO SAVEPOINT before_rewrite');
  return false;
}

/**
 * What a server says to a rewrite and not to an UPDATE: a view or another table builds on the columns; the role
 * does not own the table; somebody reads it; a row that nobody touches breaks a constraint.
 */
const REFUSALS = ['0A000', '42P16', '42501', '42809', '55006', '55P03', '23503', '23505', '23514'];
