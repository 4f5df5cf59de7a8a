import { constants, statSync } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { LEFT_OUT } from '../left-out.ts';

/** What a project's directory is filled with. */
export interface StackSource {
  /** The name of the compose file, in the project's directory. */
  file: string;
  /** Where a person finds the file; null where nobody wrote it. */
  path: string | null;
  /** Makes a directory with the compose file in it, and all that belongs to it. */
  fill(directory: string): Promise<void>;
}

/** The names under which Compose looks for its file, in its order. */
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/**
 * Where the compose file is that `path` means: `path` itself or, where that is a directory, the file in it that Compose
 * would take. Where there is none, it is the first that Compose would look for.
 */
export function composeFileAt(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  const [first = path, ...others] = COMPOSE_FILES.map((name) => join(path, name));
  return [first, ...others].find((file) => statSync(file, { throwIfNoEntry: false })) ?? first;
}

/** The file that Compose reads after one of its own names, where it stands beside it; null where it does not. */
export function overrideOf(path: string): string | null {
  const [, stem] = /^(compose|docker-compose)\.ya?ml$/.exec(basename(path)) ?? [];
  if (stem === undefined) return null;
  const files = ['yml', 'yaml'].map((ending) => join(dirname(path), `${stem}.override.${ending}`));
  return files.find((file) => statSync(file, { throwIfNoEntry: false })) ?? null;
}

/** A compose file that nobody has to write. */
export interface MadeStack {
  services: Record<string, object>;
  /** Files and directories to copy, by their names in the project's directory. */
  inputs: Record<string, string>;
}

/** A compose file or the directory that holds one, or what is written where nobody has one. */
export type Stack = string | MadeStack;

export const sourceOf = (stack: Stack): StackSource =>
  typeof stack === 'string' ? ownStack(composeFileAt(stack)) : madeStack(stack);

/** As it is: a project is a copy of the directory around it. */
const ownStack = (path: string): StackSource => ({
  ...{ path, file: basename(path) },
  async fill(directory) {
    await mkdir(directory);
    await copyInto(dirname(path), directory, dirname(path));
  },
});

const madeStack = ({ services, inputs }: MadeStack): StackSource => ({
  path: null,
  file: 'compose.yaml',
  async fill(directory) {
    await mkdir(directory);
    // JSON is YAML, too.
    await writeFile(join(directory, 'compose.yaml'), `${JSON.stringify({ services }, null, 2)}\n`);
    for (const [name, path] of Object.entries(inputs)) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await copy(path, join(directory, name), dirname(path));
    }
  },
});

/** The copy itself may be below one of the directories that are left out. */
async function copyInto(from: string, to: string, root: string): Promise<void> {
  for (const name of await readdir(from))
    if (!LEFT_OUT.has(name)) await copy(join(from, name), join(to, name), root);
}

/**
 * Copies a file or a directory, but for what is no file: a socket cannot be copied, and a pipe would never end. A server's
 * own data stay where they are, whether this user may read them or not: a replica begins with none. Node's `cp` will not do:
 * it refuses a directory that holds its copy, however deep.
 */
async function copy(from: string, to: string, root: string): Promise<void> {
  const found = await lstat(from);
  if (found.isSymbolicLink()) return symlink(await linkFrom(from, root), to);
  if (found.isFile()) return copyFile(from, to, constants.COPYFILE_FICLONE);
  const names = found.isDirectory() ? await readdir(from).catch(() => null) : null;
  if (!names || names.includes('PG_VERSION')) return;
  await mkdir(to, { mode: (found.mode & 0o777) | 0o700 });
  await copyInto(from, to, root);
}

/** Where a link leads: within the copy, where it led within `root`, and else where it led. */
async function linkFrom(path: string, root: string): Promise<string> {
  const target = await readlink(path);
  const there = resolve(dirname(path), target);
  const isWithin = there === root || there.startsWith(`${root}${sep}`);
  return isWithin && !isAbsolute(target) ? target : there;
}
