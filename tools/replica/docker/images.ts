import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docker } from './docker.ts';
import { LABEL } from './labels.ts';

/** Where an image of ours is kept between rehearsals: its tag is a digest of what it is built from. */
const REPOSITORY = 'runbook-built';

/** Built images that nothing has used for that long are removed: old contents are not built again. */
const KEPT_FOR = '168h';

/** The tag for an image built from `context`: the same content, the same tag. */
export async function tagFor(context: string, ...more: string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(more));
  const entries = await readdir(context, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const content = await readFile(file);
    hash.update(`${file.slice(context.length)}\0${content.length}\0`).update(content);
  }
  return `${REPOSITORY}:${hash.digest('hex').slice(0, 16)}`;
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

/** Builds `tag` from `context`, unless it is there. Throws ReplicaError with the build's last lines. */
export async function buildMissing(
  tag: string,
  context: string,
  args: string[],
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (await hasImage(tag)) return;
  say(`building ${tag}`);
  const onLine = (line: string) => STEP.test(line) && say(line);
  await docker(['build', '--force-rm', '--tag', tag, '--label', `${LABEL.built}=1`, ...args, context], {
    onLine,
    signal,
  });
  await docker([
    'image',
    'prune',
    '--all',
    '--force',
    '--filter',
    `label=${LABEL.built}`,
    '--filter',
    `until=${KEPT_FOR}`,
  ]);
}
