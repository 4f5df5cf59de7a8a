import { createHash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { userCache } from '../cache.ts';
import { giveIdentifier } from './system-identifier.ts';

/** Each takes about 40 MB; those that were taken last stay. */
const MOST_KEPT = 4;

const clusters = () => join(userCache(), 'clusters');

/**
 * Where a fresh cluster is kept that these programs made of these words: to copy one takes a tenth of the time that
 * initdb takes for it.
 */
export async function placeOfCluster(
  { initdb, postgres }: { initdb: string; postgres: string },
  words: string[],
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([process.arch, words]));
  // It has the version of its server in it.
  hash.update(await readFile(initdb).catch(() => ''));
  const server = await stat(postgres).catch(() => null);
  hash.update(String(server?.size));
  return join(clusters(), hash.digest('hex').slice(0, 16));
}

/**
 * Puts a copy of the cluster that is kept there in the place of an empty directory, with an identifier of its own. False
 * where there is none, or not a whole one, or where the directory holds anything; it is as it was then.
 */
export async function takeCluster(place: string, directory: string): Promise<boolean> {
  try {
    const listing = await readFile(join(place, 'listing'), 'utf8');
    const draft = await mkdtemp(`${directory}.`);
    try {
      await copy(join(place, 'data'), draft);
      if (listingOf(draft) !== listing || !(await giveIdentifier(draft))) return false;
      await rename(draft, directory);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    const now = new Date();
    await utimes(place, now, now).catch(() => undefined);
    return true;
  } catch {
    return false;
  }
}

/** Keeps a copy of a cluster that no server was started on: whole or not at all. Where it cannot be kept, nothing is said. */
export async function keepCluster(directory: string, place: string): Promise<void> {
  try {
    await mkdir(clusters(), { recursive: true });
    // Nobody else may enter it, not even whom the server runs as.
    const draft = await mkdtemp(join(clusters(), 'draft-'));
    try {
      await mkdir(join(draft, 'data'));
      await copy(directory, join(draft, 'data'));
      // What this cannot be done with is no cluster to copy.
      if (!(await giveIdentifier(join(draft, 'data')))) return;
      await writeFile(join(draft, 'listing'), listingOf(join(draft, 'data')));
      await rm(place, { recursive: true, force: true });
      await rename(draft, place);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    await removeOldest();
  } catch {
    // A full disk, or another process that keeps the same at this moment.
  }
}

/** Of the directory itself, too, whose owner and mode the server asks for. */
const copy = (from: string, to: string) => execa('cp', ['-Rp', `${from}/.`, to]);

/** Every file below a directory and its size: a cache is swept by others, too. */
function listingOf(directory: string): string {
  const sizes = (at: string): string[] =>
    readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
      const path = join(at, entry.name);
      return entry.isDirectory()
        ? sizes(path)
        : [`${path.slice(directory.length)} ${lstatSync(path).size}\n`];
    });
  return sizes(directory).sort().join('');
}

async function removeOldest(): Promise<void> {
  const paths = (await readdir(clusters())).map((name) => join(clusters(), name));
  const aged = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  for (const { path } of aged.sort((a, b) => b.at - a.at).slice(MOST_KEPT))
    await rm(path, { recursive: true, force: true });
}
