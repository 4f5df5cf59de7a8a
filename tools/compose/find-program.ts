import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import which from 'which';

/** Finds a program on a PATH; null where it is not there. */
export const findProgram = (name: string, path: string | undefined): string | null =>
  which.sync(name, { path: path ?? '', nothrow: true });

/**
 * Finds a program of PostgreSQL's client side. Debian's `/usr/bin/psql` is a wrapper in Perl that costs a
 * tenth of a second, so the newest program that it would start is preferred.
 */
export async function findPostgresProgram(name: string, path: string | undefined): Promise<string | null> {
  const home = '/usr/lib/postgresql';
  const majors = (await readdir(home).catch(() => [])).map(Number).filter((major) => major >= 14);
  const debian = majors.sort((a, b) => b - a).map((major) => join(home, String(major), 'bin', name));
  return debian.find((program) => existsSync(program)) ?? findProgram(name, path);
}
