import { resolve } from 'node:path';
import { execa } from 'execa';

const START = resolve(import.meta.dirname, '../../tools/start.mjs');

/** Starts `migrate` or `backfill` as its own process, the pid being the program's; never rejects. */
export function command(
  name: 'migrate' | 'backfill',
  args: string[],
  environment: Record<string, string> = {},
) {
  const env = { DATABASE_URL: '', PGDATABASE: '', PGHOST: '', PGUSER: '', USER: '', ...environment };
  return execa(process.execPath, [START, name, ...args], { reject: false, env });
}
