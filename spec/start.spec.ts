import { createHash } from 'node:crypto';
import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from './support/tmp.ts';

/** A project of the tool's own launcher and one small program. */
async function smallProject(): Promise<string> {
  const project = await temporaryDirectory();
  await mkdir(join(project, 'tools/compose'), { recursive: true });
  for (const file of ['start.mjs', 'compile.mjs', 'launch.mjs', 'match-indices.mjs'])
    await cp(join('tools', file), join(project, 'tools', file));
  for (const lone of ['docker', 'typescript'])
    await writeFile(join(project, `tools/compose/${lone}.ts`), 'export {};\n');
  await writeFile(join(project, 'package.json'), JSON.stringify({ programs: { say: PROGRAM } }));
  await writeFile(join(project, 'package-lock.json'), '{}\n');
  await mkdir(join(project, 'node_modules'));
  for (const name of ['esbuild', 'fastify'])
    await symlink(resolve('node_modules', name), join(project, 'node_modules', name));
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
  execa(process.execPath, [join(project, 'tools/start.mjs'), ...words], {
    reject: false,
    env: { XDG_CACHE_HOME: join(project, 'cache') },
  });
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

it('what stands in it in any script is printed so, of a template as it is written, too', async () => {
  const project = await smallProject();
  await appendFile(join(project, PROGRAM), "console.log(String.raw`· ✓ 日本`, '· ✓ 日本');\n");
  for (let times = 0; times < 2; times++)
    expect((await start(project, 'say')).stdout).toMatch(/\n· ✓ 日本 · ✓ 日本$/);
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

describe('what V8 made of a program', () => {
  /** The files in which it is kept, and the inode of each: what is written anew has another. */
  async function kept(project: string): Promise<Record<string, number>> {
    const [state = ''] = await compilations(project);
    const directory = join(project, 'node_modules/.cache/runbook', state);
    const names = (await readdir(directory)).filter((name) => name.endsWith('.v8')).toSorted();
    return Object.fromEntries(
      await Promise.all(
        names.map(async (name) => [join(directory, name), (await stat(join(directory, name))).ino] as const),
      ),
    );
  }
  const namesOf = (files: Record<string, number>) => Object.keys(files).map((path) => basename(path));

  it('is kept of the first start and of each command, and taken at the next, whatever flags it has set', async () => {
    const project = await smallProject();
    await appendFile(join(project, PROGRAM), SETS_FLAGS);
    await start(project, 'say', 'up');
    const first = await kept(project);
    expect(namesOf(first)).toEqual(['say.up.v8', 'say.v8']);
    expect(await start(project, 'say', 'up')).toMatchObject({ stdout: 'up beside' });
    expect(await kept(project)).toEqual(first);
    await start(project, 'say', '--from=x', 'head', 'up');
    const both = await kept(project);
    expect(namesOf(both)).toEqual(['say.head.v8', 'say.up.v8', 'say.v8']);
    expect(both).toMatchObject(first);
  });

  it('is not kept for words that were refused', async () => {
    const project = await smallProject();
    await appendFile(join(project, PROGRAM), 'process.exitCode = 2;\n');
    await start(project, 'say', 'upp');
    expect(namesOf(await kept(project))).toEqual(['say.v8']);
  });

  it.each([
    ['a part of it is missing', (path: string) => truncate(path, 400)],
    ['a byte of it has changed', (path: string) => changeByte(path, -100)],
    ['another V8 made it', (path: string) => writeFile(path, withDigest(Buffer.alloc(1000, 7)))],
  ])('is made anew where %s', async (_, spoil) => {
    const project = await smallProject();
    await start(project, 'say', 'up');
    const first = await kept(project);
    for (const path of Object.keys(first)) await spoil(path);
    const spoilt = await Promise.all(Object.keys(first).map((path) => readFile(path)));
    expect(await start(project, 'say', 'up')).toMatchObject({ stdout: 'up beside', stderr: '', exitCode: 0 });
    for (const [i, path] of Object.keys(first).entries())
      expect(spoilt[i]?.equals(await readFile(path))).toBe(false);
    const mended = await kept(project);
    await start(project, 'say', 'up');
    expect(await kept(project)).toEqual(mended);
  });

  it('is made anew of another script of the same length, also where it was exchanged while it ran', async () => {
    const project = await smallProject();
    await appendFile(join(project, PROGRAM), EXCHANGED);
    const said = async (...words: string[]) => (await start(project, 'say', ...words)).stdout.split('\n')[1];
    expect(await said('up')).toBe('one');
    const [state = ''] = await compilations(project);
    const script = join(project, 'node_modules/.cache/runbook', state, 'say.script.js');
    await rename(await changed(script, '"one"', '"two"'), script);
    expect(await said('up')).toBe('two');
    const next = await changed(script, '"two"', '"six"');
    expect(await said('head', next, script)).toBe('two');
    expect(await said('head')).toBe('six');
  });

  it('is kept in the user’s cache where another has installed it', async () => {
    const project = await smallProject();
    await start(project, 'say');
    const [state = ''] = await compilations(project);
    const directory = join(project, 'node_modules/.cache/runbook', state);
    // Nobody can put a file in the place of a directory that holds something, not even root.
    for (const name of ['say.v8', 'say.up.v8']) {
      await rm(join(directory, name), { force: true });
      await mkdir(join(directory, name, 'held'), { recursive: true });
    }
    const programs = join(project, 'cache/testable-runbook/programs');
    const keptThere = async () =>
      Promise.all(
        (await readdir(programs, { recursive: true }))
          .filter((name) => name.endsWith('.v8'))
          .toSorted()
          .map(async (name) => [basename(name), (await stat(join(programs, name))).ino]),
      );
    expect(await start(project, 'say', 'up')).toMatchObject({ stdout: 'up beside', stderr: '' });
    const first = await keptThere();
    expect(first.map(([name]) => name)).toEqual(['say.up.v8', 'say.v8']);
    expect((await stat(programs)).mode & 0o777).toBe(0o700);
    expect(await start(project, 'say', 'up')).toMatchObject({ stdout: 'up beside', stderr: '' });
    expect(await keptThere()).toEqual(first);
  });

  it('is done without where it cannot be kept', async () => {
    const project = await smallProject();
    await start(project, 'say');
    const [state = ''] = await compilations(project);
    const directory = join(project, 'node_modules/.cache/runbook', state);
    // Nothing can be put in the place of a directory that holds something.
    await mkdir(join(directory, 'say.up.v8', 'held'), { recursive: true });
    await writeFile(join(project, 'cache'), 'no directory');
    expect(await start(project, 'say', 'up')).toMatchObject({ stdout: 'up beside', stderr: '', exitCode: 0 });
    expect((await readdir(directory)).filter((name) => name.includes('say.up'))).toEqual(['say.up.v8']);
  });
});

/** Says a word of its own, and puts another script in its place where it is given one. */
const EXCHANGED = `import { renameSync } from 'node:fs';
const [, , , next, script] = process.argv;
if (next && script) renameSync(next, script);
console.log('one');
`;

/** A copy of a script with other words of the same length. */
async function changed(script: string, from: string, to: string): Promise<string> {
  const text = await readFile(script, 'utf8');
  expect(text).toContain(from);
  await writeFile(`${script}.next`, text.replace(from, to));
  return `${script}.next`;
}

/** As the reader of SQL does. */
const SETS_FLAGS = `const { setFlagsFromString } = await Promise.resolve(v8);
for (const flag of ['--liftoff-only', '--no-liftoff-only']) setFlagsFromString(flag);
import * as v8 from 'node:v8';
`;

async function changeByte(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length + at] = (bytes.at(at) ?? 0) ^ 0xff;
  await writeFile(path, bytes);
}

const withDigest = (bytes: Buffer) => Buffer.concat([createHash('sha256').update(bytes).digest(), bytes]);

it('a program that would import something later is not compiled, as V8 could not run it a second time', async () => {
  const project = await smallProject();
  await appendFile(join(project, PROGRAM), "await import('esbuild');\n");
  const { exitCode, stderr } = await start(project, 'say');
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/tools\/say\.ts:\d+:\d+: ERROR: .*a script can import nothing: require it/);
});
