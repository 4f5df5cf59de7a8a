import { fileURLToPath } from 'node:url';
import { type Connection, readSql, runSql } from '../migrate/run-step.ts';

/** Runs the statements of `sql/backfill/<stage>.sql`; returns how many rows they touched. Throws Failure. */
export async function runStage(connection: Connection, stage: string): Promise<number> {
  const file = fileURLToPath(new URL(`../../../sql/backfill/${stage}.sql`, import.meta.url));
  return runSql(connection, await readSql(file));
}
