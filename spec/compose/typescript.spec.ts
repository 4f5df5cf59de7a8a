import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { STRIPPED } from '../../tools/compile.mjs';
import { typescriptArguments } from '../../tools/compose/node-runtime.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** Runs the first of some files, which are written into a directory of their own. */
async function run(files: Record<string, string>) {
  const directory = await temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  const [first = ''] = Object.keys(files);
  const argv = [...(await typescriptArguments()), join(directory, first)];
  const { stdout, stderr, exitCode } = await execa(process.execPath, argv, { reject: false });
  return { stdout, stderr, exitCode, directory };
}

const MODULE = { 'package.json': '{ "type": "module" }' };

it('modules run without their types, and import each other', async () => {
  const { stdout, exitCode } = await run({
    'main.ts': [
      "import type { Named } from './named.ts';",
      "import { nameOf } from './named.ts';",
      "const one = { name: 'one' } satisfies Named as Named;",
      'console.log(nameOf<Named>(one)!, import.meta.url.endsWith("main.ts"));',
    ].join('\n'),
    'named.ts':
      'export interface Named { name: string }\nexport const nameOf = <T extends Named>(one: T): string => one.name;',
    ...MODULE,
  });
  expect({ stdout, exitCode }).toEqual({ stdout: 'one true', exitCode: 0 });
});

it('an error stands at the line and the column where it is in the source', async () => {
  const { stderr, directory } = await run({
    'main.ts':
      'interface One {\n  a: number;\n}\nconst f = (one: One): never => { throw new Error(`${one.a}`); };\nf({ a: 7 });',
    ...MODULE,
  });
  expect(stderr).toContain('Error: 7');
  expect(stderr).toMatch(new RegExp(`${join(directory, 'main.ts')}:4:40\\)`));
});

it.each([
  ['an enum', 'enum One { A }', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX', 'enum is not supported'],
  [
    'a parameter property',
    'class One { constructor(private a: number) {} }',
    'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
    'parameter property is not supported',
  ],
  ['a slip', 'const one: = 1;', 'ERR_INVALID_TYPESCRIPT_SYNTAX', ''],
])('%s is refused where it stands, as in a container', async (_, text, code, words) => {
  const { stderr, exitCode, directory } = await run({ 'main.ts': `\n${text}`, ...MODULE });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${join(directory, 'main.ts')}:2`);
  expect(stderr).toContain(text);
  expect(stderr).toContain(words);
  expect(stderr).toContain(code);
});

it.each([
  ['.mts', { 'main.mts': "import { sep } from 'node:path'; console.log(sep as string);" }],
  ['.cts', { 'main.cts': "const { sep } = require('node:path'); console.log(sep as string);", ...MODULE }],
  ['no type, and imports', { 'main.ts': "import { sep } from 'node:path';\nconsole.log(sep as string);" }],
  [
    'no type, and none',
    { 'main.ts': "const one: { sep: string } = require('node:path'); console.log(one.sep);" },
  ],
  [
    'a type of commonjs',
    {
      'main.ts': 'console.log((module.exports ? "/" : "") as string);',
      'package.json': '{ "type": "commonjs" }',
    },
  ],
])('a file of %s is what Node takes it for', async (_, files) => {
  const { stdout, stderr } = await run(files as Record<string, string>);
  expect({
    stdout,
    stderr: stderr.replace(/.*(Warning|--trace-warnings|Reparsing|To eliminate).*\n?/g, ''),
  }).toEqual({ stdout: '/', stderr: '' });
});

it('a package in TypeScript is refused', async () => {
  const { stderr, exitCode } = await run({
    'main.ts': "import 'one';",
    ...MODULE,
    'node_modules/one/package.json': '{ "type": "module", "exports": "./index.ts" }',
    'node_modules/one/index.ts': 'export {};',
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/node_modules/);
});

it('workers and forks load the same, and a source that has changed is not what is kept of the old one', async () => {
  const files = (greeting: string) => ({
    'main.ts': [
      "import { fork } from 'node:child_process';",
      "import { isMainThread, Worker } from 'node:worker_threads';",
      'const here = new URL(import.meta.url);',
      `console.log(${JSON.stringify(greeting)} as string);`,
      "if (isMainThread && !process.send) new Worker(here).on('exit', () => fork(here));",
    ].join('\n'),
    ...MODULE,
  });
  expect((await run(files('one'))).stdout).toBe('one\none\none');
  expect((await run(files('two'))).stdout).toBe('two\ntwo\ntwo');
});

it('many that start at once, with nothing kept, each have all of it', async () => {
  await rm(STRIPPED, { recursive: true, force: true });
  const one = {
    'main.ts': "import { many } from './many.ts';\nconsole.log(many.length as number);",
    ...MODULE,
  };
  const many = `export const many: number[] = [${'1, '.repeat(50_000)}];`;
  const all = await Promise.all(Array.from({ length: 8 }, () => run({ ...one, 'many.ts': many })));
  expect(all.map(({ stdout, stderr }) => ({ stdout, stderr }))).toEqual(
    all.map(() => ({ stdout: '50000', stderr: '' })),
  );
});
