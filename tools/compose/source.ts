import { statSync } from 'node:fs';
import { cp, lstat, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

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
    // One by one: a directory that holds the copy cannot be copied as a whole.
    for (const name of await readdir(dirname(path)))
      await copy(join(dirname(path), name), join(directory, name));
  },
});

const copy = (from: string, to: string) => cp(from, to, { recursive: true, filter: belongsToStack });

const madeStack = ({ services, inputs }: MadeStack): StackSource => ({
  path: null,
  file: 'compose.yaml',
  async fill(directory) {
    await mkdir(directory);
    // JSON is YAML, too.
    await writeFile(join(directory, 'compose.yaml'), `${JSON.stringify({ services }, null, 2)}\n`);
    for (const [name, path] of Object.entries(inputs)) await copy(path, join(directory, name));
  },
});

/** What others brought or left beside a stack, and may be large. */
const FOREIGN = new Set(['node_modules', '.git', '.runbook']);

/**
 * Neither what is foreign, nor what is no file: a socket cannot be copied, and a pipe would never end. A server's own data
 * stay where they are, whether this user may read them or not: a replica begins with none.
 */
async function belongsToStack(path: string): Promise<boolean> {
  if (FOREIGN.has(basename(path))) return false;
  const found = await lstat(path);
  if (!found.isDirectory()) return found.isFile() || found.isSymbolicLink();
  const names = await readdir(path).catch(() => null);
  return names !== null && !names.includes('PG_VERSION');
}
