import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { docker } from './docker.ts';
import { LABEL } from './labels.ts';

/** Where an image of ours is kept between rehearsals: its tag is a digest of what it is built from. */
export const REPOSITORY = 'runbook-built';

/** Built images that nothing has used for that long are removed: old contents are not built again. */
const KEPT_FOR = '168h';

/**
 * The tag for an image that is built from what lies at `paths`, in their order, as `said`: the same content, the same tag.
 * What is not there counts as nothing: whoever builds says so.
 */
export async function tagFor(paths: string[], said = '[]'): Promise<string> {
  const hash = createHash('sha256').update(said);
  for (const [index, given] of paths.entries()) {
    if (index > 0) hash.update('\0\0');
    // A builder follows a link that it is given, as against those that it finds.
    const path = await realpath(given).catch(() => given);
    for (const file of await filesIn(path)) {
      const { content, kind } = await readEntry(file);
      hash.update(`${file.slice(path.length)}\0${kind}${content.length}\0`).update(content);
    }
  }
  return `${REPOSITORY}:${hash.digest('hex').slice(0, 16)}`;
}

/** The file itself, or all that a directory holds but directories. */
async function filesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return found ? [path] : [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** What an image gets of a file: its content and whether it can be run; and of a link where it leads. */
async function readEntry(path: string): Promise<{ content: Buffer; kind: string }> {
  const entry = await lstat(path);
  if (entry.isSymbolicLink()) return { content: await readlink(path, 'buffer'), kind: 'link\0' };
  return { content: await readFile(path), kind: entry.mode & 0o100 ? 'program\0' : '' };
}

/** Whether the engine has it. */
export async function hasImage(image: string): Promise<boolean> {
  return (await docker(['image', 'ls', '--quiet', image])) !== '';
}

/** What an image runs where nobody says otherwise. */
export async function commandOf(image: string | undefined): Promise<string[]> {
  if (image === undefined) return [];
  return (JSON.parse(await docker(['image', 'inspect', '--format', '{{json .Config.Cmd}}', image])) ??
    []) as string[];
}

/** Pulls what the engine has not. Throws ReplicaError where it cannot be had. */
export async function pullMissing(
  images: Iterable<string>,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const image of new Set(images)) {
    if (await hasImage(image)) continue;
    say(`pulling ${image}`);
    await docker(['pull', '--quiet', image], { signal });
  }
}

/** A step of a Dockerfile, as the legacy builder and BuildKit say it: enough to see that a build goes on. */
const STEP = /^(Step \d+\/\d+ |#\d+ \[)/;

/** How an image is made that is kept between rehearsals. */
export interface Build {
  tag: string;
  /** What docker is called with: it must give the image its tag and `BUILT`. */
  args: string[];
  /** What it reads. */
  input?: string;
}

/** By this label what is built is found when it has grown old. */
export const BUILT = { [LABEL.built]: '1' };

/** Builds what the engine has not. Throws ReplicaError with the build’s last lines. */
export async function buildMissing(
  builds: Build[],
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const areThere = await Promise.all(builds.map(({ tag }) => hasImage(tag)));
  if (areThere.every(Boolean)) return;
  // Before the builds, as it may remove one of these, which is then built again.
  await pruneBuilt();
  const onLine = (line: string) => STEP.test(line) && say(line);
  for (const { tag, args, ...given } of builds) {
    if (await hasImage(tag)) continue;
    say(`building ${tag}`);
    await docker(args, { ...given, onLine, signal });
  }
}

async function pruneBuilt(): Promise<void> {
  const filters = [`label=${LABEL.built}`, `until=${KEPT_FOR}`].flatMap((filter) => ['--filter', filter]);
  await docker(['image', 'prune', '--all', '--force', ...filters]);
}
