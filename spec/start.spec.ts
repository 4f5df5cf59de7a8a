import { appendFile, cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { temporaryDirectory } from './support/tmp.ts';

/** A project of the tool's own launcher and one small program. */
async function smallProject(): Promise<string> {
  const project = await temporaryDirectory();
  await mkdir(join(project, 'tools/compose'), { recursive: true });
  for (const file of ['start.mjs', 'compile.mjs', 'match-indices.mjs'])
    await cp(join('tools', file), join(project, 'tools', file));
  for (const lone of ['docker', 'typescript'])
    await writeFile(join(project, `tools/compose/${lone}.ts`), 'export {};\n');
  await writeFile(join(project, 'package.json'), JSON.stringify({ programs: { say: PROGRAM } }));
  await writeFile(join(project, 'package-lock.json'), '{}\n');
  await mkdir(join(project, 'node_modules'));
  await symlink(resolve('node_modules/esbuild'), join(project, 'node_modules/esbuild'));
  await writeFile(join(project, PROGRAM), SAYS);
  await writeFile(join(project, 'tools/beside.txt'), 'beside');
  return project;
}

const PROGRAM = 'tools/say.ts';
const SAYS = `import { readFileSync } from 'node:fs';
const words: string[] = process.argv.slice(2);
console.log(words.join(' '), readFileSync(new URL('beside.txt', import.meta.url), 'utf8'));
`;

const start = (project: string, ...words: string[]) =>
  execa(process.execPath, [join(project, 'tools/start.mjs'), ...words], { reject: false });
const compilations = async (project: string) =>
  (await readdir(join(project, 'node_modules/.cache/runbook'))).filter((name) => !name.startsWith('draft-'));

it('a program sees its words and the files beside its source, and is compiled once', async () => {
  const project = await smallProject();
  expect(await start(project, 'say', 'up', 'head')).toMatchObject({
    stdout: 'up head beside',
    exitCode: 0,
  });
  const [first = ''] = await compilations(project);
  // Whoever may read the checkout may run it.
  const { mode } = await stat(join(project, 'node_modules/.cache/runbook', first));
  expect(mode & 0o777).toBe((await stat(join(project, 'node_modules/.cache'))).mode & 0o777);
  expect(await start(project, 'say', 'down')).toMatchObject({ stdout: 'down beside' });
  expect(await compilations(project)).toEqual([first]);
});

it('a source that has changed is compiled again, by whoever comes first of many', async () => {
  const project = await smallProject();
  await start(project, 'say');
  await appendFile(join(project, PROGRAM), "console.log('changed');\n");
  const all = await Promise.all(Array.from({ length: 6 }, () => start(project, 'say')));
  for (const { stdout } of all) expect(stdout).toMatch(/beside\nchanged$/);
  expect(await compilations(project)).toHaveLength(2);
});

it('a program that there is not is named, and a source that does not compile is told with its line', async () => {
  const project = await smallProject();
  expect(await start(project, 'sai')).toMatchObject({ exitCode: 3, stderr: 'there is no program sai' });
  const source = await readFile(join(project, PROGRAM), 'utf8');
  await appendFile(join(project, PROGRAM), 'const = 1;\n');
  const { exitCode, stderr } = await start(project, 'say');
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/tools\/say\.ts:\d+:\d+: ERROR: Expected identifier/);
  await writeFile(join(project, PROGRAM), source);
  expect(await start(project, 'say')).toMatchObject({ exitCode: 0 });
});

it('a compiled program that compiles anew, as its sources have changed meanwhile, compiles as well as the launcher', async () => {
  const project = await smallProject();
  await writeFile(join(project, 'package.json'), JSON.stringify({ programs: { say: PROGRAM, make: MAKER } }));
  await writeFile(join(project, MAKER), MAKES);
  expect(await start(project, 'make')).toMatchObject({ exitCode: 0 });
  expect(await start(project, 'say', 'up')).toMatchObject({ stdout: 'up beside\nchanged', exitCode: 0 });
  expect(await compilations(project)).toHaveLength(2);
});

const MAKER = 'tools/make.ts';
const MAKES = `import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiled } from './compile.mjs';
appendFileSync(fileURLToPath(new URL('say.ts', import.meta.url)), "console.log('changed');\\n");
await compiled('say');
`;
