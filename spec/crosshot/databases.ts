import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { move } from '../../tools/crosshot/migrate/move.ts';
import { loadRevisions } from '../../tools/crosshot/migrate/revisions.ts';
import type { Connection } from '../../tools/crosshot/migrate/run-step.ts';
import type { Direction } from '../../tools/crosshot/migrate/steps.ts';
import { createDatabase, type SpecDatabase } from '../support/database.ts';

const BASELINE = resolve(import.meta.dirname, '../../sql/baseline.sql');

/** A new database with the pre-temporal schema and no rows. */
export async function createBaseline(): Promise<SpecDatabase> {
  const database = await createDatabase();
  const client = await database.connect();
  await client.query(await readFile(BASELINE, 'utf8'));
  return database;
}

/** As createBaseline, migrated to head. */
export async function createMigrated(): Promise<SpecDatabase> {
  const database = await createBaseline();
  await migrate(await connectionTo(database), 'upgrade', 'head');
  return database;
}

export async function connectionTo(database: SpecDatabase, lockTimeoutMs = 10_000): Promise<Connection> {
  return {
    client: await database.connect(),
    address: { url: database.url, applicationName: 'spec' },
    lockTimeoutMs,
  };
}

/** Moves a database; returns the revisions that ran, as `from -> to`. */
export async function migrate(
  connection: Connection,
  direction: Direction,
  destination: string,
): Promise<string[]> {
  const ran: string[] = [];
  const revisions = await loadRevisions();
  await move(
    connection,
    { direction, destination, revisions },
    { onStep: ({ from, to }) => ran.push(`${from ?? ''} -> ${to ?? ''}`), warn: () => undefined },
  );
  return ran;
}
