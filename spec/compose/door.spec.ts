import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Every import of one file of the project by another below tools/, as paths relative to the repository. */
const IMPORTS = readdirSync('tools', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('tools', name))
  .flatMap((from) =>
    [...readFileSync(from, 'utf8').matchAll(/(?:from|import|new URL)\s*\(?'(\.[^']*)'/g)].map(
      ([, path = '']) => ({ from, to: relative('.', resolve(dirname(from), path)) }),
    ),
  );

const isCompose = (path: string) => path.startsWith('tools/compose/');

it('what uses compose goes through its door', () => {
  const entering = IMPORTS.filter(({ from, to }) => !isCompose(from) && isCompose(to));
  expect(entering).not.toEqual([]);
  expect(entering.filter(({ to }) => to !== 'tools/compose/index.ts')).toEqual([]);
});

/**
 * What compiles and starts a program of the tool, which its engine and its stand-in for Docker are; how one is called;
 * what is left out of a copy; and how what is fetched or made is kept.
 */
const STARTERS = [
  ...['tools/compile.mjs', 'tools/start.mjs'],
  ...['tools/called.ts', 'tools/left-out.ts', 'tools/cache.ts'],
];

it('compose imports nothing from the rest of tools but what starts its own programs, and keeps what it made', () => {
  const inside = IMPORTS.filter(({ from }) => isCompose(from));
  expect(inside).not.toEqual([]);
  const outside = inside.filter(({ to }) => to.startsWith('tools/') && !isCompose(to));
  expect(outside.filter(({ to }) => !STARTERS.includes(to))).toEqual([]);
});
