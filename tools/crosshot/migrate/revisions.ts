import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One step of the schema's history. `previous` is the revision before it, or null for the first. */
export interface Revision {
  id: string;
  previous: string | null;
  title: string;
  upFile: string;
  downFile: string;
}

/** `sql/migrations` of this project. */
const MIGRATIONS = fileURLToPath(new URL('../../../sql/migrations', import.meta.url));

/**
 * The revisions of a directory, oldest first. The files are `<id>_<name>.up.sql` and `.down.sql`; their order
 * by name is the history, and the comment on the first line of the up file is the title.
 */
export async function loadRevisions(directory: string = MIGRATIONS): Promise<Revision[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.up.sql')).sort();
  return Promise.all(files.map((file, index) => load(directory, file, files[index - 1])));
}

async function load(directory: string, file: string, previous: string | undefined): Promise<Revision> {
  const upFile = join(directory, file);
  const [firstLine = ''] = (await readFile(upFile, 'utf8')).split('\n', 1);
  return {
    id: idOf(file),
    previous: previous === undefined ? null : idOf(previous),
    title: firstLine.replace(/^--\s*/, ''),
    upFile,
    downFile: upFile.replace(/\.up\.sql$/, '.down.sql'),
  };
}

/** `20260301_0100` of `20260301_0100_tables.up.sql`. */
const idOf = (file: string) => file.split('_', 2).join('_');
