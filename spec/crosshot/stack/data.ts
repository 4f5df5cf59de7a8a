import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Client } from 'pg';
import { createDatabase, type SpecDatabase } from '../../support/database.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

export type Size = 'small' | 'medium' | 'large';

/** Runs one SQL file of the repository as a replica's seeding does: in one piece, without parameters. */
async function runFile(client: Client, path: string): Promise<void> {
  await client.query(await readFile(resolve(ROOT, path), 'utf8'));
}

/** Loads the baseline and one of the data sets, in one session. */
export async function loadData(client: Client, size: Size): Promise<void> {
  await runFile(client, 'sql/baseline.sql');
  await runFile(client, 'fixtures/data/generate.sql');
  await runFile(client, `fixtures/data/${size}.sql`);
}

/** A new database with one of the data sets, and a client of it. */
export async function createSeeded(size: Size): Promise<{ database: SpecDatabase; client: Client }> {
  const database = await createDatabase();
  const client = await database.connect();
  await loadData(client, size);
  return { database, client };
}
