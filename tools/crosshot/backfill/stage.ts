import { fileURLToPath } from 'node:url';
import { type Connection, runStatement } from '../migrate/run-step.ts';
import { readStatements } from '../statements.ts';

/** Runs the statements of `sql/backfill/<stage>.sql`; returns how many rows they touched. Throws Failure. */
export async function runStage(connection: Connection, stage: string): Promise<number> {
  let rows = 0;
  const file = fileURLToPath(new URL(`../../../sql/backfill/${stage}.sql`, import.meta.url));
  for (const statement of await readStatements(file)) {
    rows += (await runStatement(connection, statement)).rowCount ?? 0;
  }
  return rows;
}
