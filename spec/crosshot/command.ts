import { resolve } from 'node:path';
import { execa } from 'execa';

const TOOLS = resolve(import.meta.dirname, '../../tools/crosshot');

/** Starts `migrate` or `backfill` as its own process, the pid being the program's; never rejects. */
export function command(
  name: 'migrate' | 'backfill',
  args: string[],
  environment: Record<string, string> = {},
) {
  const env = { DATABASE_URL: '', PGDATABASE: '', PGHOST: '', PGUSER: '', USER: '', ...environment };
  return execa(process.execPath, ['--import', 'tsx', `${TOOLS}/${name}.ts`, ...args], { reject: false, env });
}
