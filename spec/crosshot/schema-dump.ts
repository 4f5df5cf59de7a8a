import { execa } from 'execa';
import type { SpecDatabase } from '../support/database.ts';

/** The schema as pg_dump writes it, without the version table; newer ones put a random key on their first and last lines. */
export async function schemaDump({ url }: SpecDatabase): Promise<string> {
  const { stdout } = await execa('pg_dump', ['--schema-only', '--exclude-table=alembic_version', url]);
  return stdout.replace(/^\\(un)?restrict .*$/gm, '');
}
