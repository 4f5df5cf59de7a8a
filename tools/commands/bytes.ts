import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Document } from '../document/document.ts';
import { LEFT_OUT } from '../left-out.ts';
import { DATA_SIZES } from '../text/data-size.ts';
import { CommandError, EXIT } from './exit.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The tool's own: its sources in a checkout, its programs in a package. */
const TOOL = join(ROOT, existsSync(join(ROOT, 'tools/cli.ts')) ? 'tools' : 'dist');
const PACKAGE = join(ROOT, 'package.json');

/**
 * SHA-256, in hexadecimal, over all that a rehearsal vouches for: the runbook, the `inputs`, seeds and stack of its front
 * matter, and the tool's own sources and version. Throws CommandError where an input is not there.
 */
export async function bytesOf({ path, sha256, frontMatter }: Document): Promise<string> {
  const here = dirname(resolve(path));
  const inputs = await Promise.all(
    frontMatter.inputs.map(async (input) => {
      const found = await digest(join(here, input));
      if (found.length > 0) return found;
      throw new CommandError(
        EXIT.refused,
        `${path}:1:1: the front matter names the input ${input}, which is not there: mend its name, or take it out`,
      );
    }),
  );
  const { seed = [], stack } = frontMatter.replica ?? {};
  const stacks = stack === undefined ? [] : await stackFiles(resolve(here, stack));
  const seeds = [
    ...new Set(seed.flatMap((file) => DATA_SIZES.map((size) => file.replaceAll('{data}', size)))),
  ];
  const rest = await Promise.all([...seeds, ...stacks].map((file) => digest(resolve(here, file))));
  const version = await toolVersion();
  const parts = [sha256, frontMatter.inputs, inputs, seeds, stack, rest, version, await digest(TOOL)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * All that makes a stack what it is: its directory or, where the runbook names the compose file itself, that file with what
 * it names. Only then is there a compose file to be read, and what reads it to be loaded.
 */
async function stackFiles(stack: string): Promise<string[]> {
  const found = await lstat(stack).catch(() => null);
  if (!found || found.isDirectory()) return [stack];
  const { filesOfStack } = await import('../replica/stack.ts');
  return filesOfStack(stack);
}

/** This tool's own version. */
export const toolVersion = async (): Promise<string> =>
  (JSON.parse(await readFile(PACKAGE, 'utf8')) as { version: string }).version;

/** Of each file at or below a path, its name from there on, and a hash of its bytes; nothing where none is there. */
async function digest(path: string, name = ''): Promise<[string, string][]> {
  const found = await lstat(path).catch(() => null);
  if (found?.isSymbolicLink() && name !== '') return [[name, `-> ${await readlink(path)}`]];
  const names = await readdir(path).catch(() => null);
  if (names) {
    const kept = names.filter((one) => !LEFT_OUT.has(one)).sort();
    return (await Promise.all(kept.map((one) => digest(join(path, one), `${name}/${one}`)))).flat();
  }
  const bytes = await readFile(path).catch(() => null);
  if (!bytes) return [];
  const runs = found && found.mode & 0o100 ? ' x' : '';
  return [[name, createHash('sha256').update(bytes).digest('hex') + runs]];
}
