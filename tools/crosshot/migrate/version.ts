import type { Client } from 'pg';
import { Failure } from '../failure.ts';
import type { Version } from './destination.ts';
import type { Revision } from './revisions.ts';
import type { RevisionStep } from './steps.ts';

/** Alembic's own table, down to the constraint's name. */
export const CREATE_VERSION_TABLE = `CREATE TABLE IF NOT EXISTS alembic_version (
    version_num varchar(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)`;

/**
 * The statement by which a step moves the version row; it touches exactly one row, or the version was
 * another.
 */
export function moveVersion({ from, to }: Pick<RevisionStep, 'from' | 'to'>): string {
  if (from === null) return `INSERT INTO alembic_version (version_num) VALUES ('${to}')`;
  if (to === null) return `DELETE FROM alembic_version WHERE version_num = '${from}'`;
  return `UPDATE alembic_version SET version_num = '${to}' WHERE version_num = '${from}'`;
}

/**
 * The database's version. Throws Failure (1) where alembic_version holds something else than one known
 * revision.
 */
export async function readVersion(client: Client, revisions: Revision[]): Promise<Version> {
  const stored = await readVersionRows(client);
  const [id] = stored;
  if (id === undefined) return 0;
  if (stored.length > 1) {
    throw new Failure(
      1,
      `alembic_version holds ${stored.length} rows (${stored.join(', ')}), but this history has no ` +
        'branches: keep the one that the schema really has',
    );
  }
  const position = revisions.findIndex((revision) => revision.id === id);
  if (position === -1) {
    throw new Failure(
      1,
      `alembic_version says "${id}", a revision that is not among these migrations: ` +
        'this is another database, or a newer release made it; use the migrations it was made with',
    );
  }
  return position + 1;
}

async function readVersionRows(client: Client): Promise<string[]> {
  const { rows: found } = await client.query(`SELECT to_regclass('alembic_version') IS NOT NULL AS exists`);
  if (!found[0]?.exists) return [];
  const { rows } = await client.query('SELECT version_num FROM alembic_version ORDER BY version_num');
  return rows.map((row) => row.version_num);
}
