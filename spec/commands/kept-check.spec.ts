import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runbookDirectory, sh } from '../support/shop.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

/** One sentence is unread, and what the script beside the page hides is said where it is there. */
const PAGE = [
  '# Shop',
  '',
  '## Step 1: Greet',
  '',
  ...sh('greet', 'local', 'bash greet.sh', 'shines brightly'),
];

let directory: string;
let cache: string;
/** What was kept last. */
let file: string;

const check = async (...words: string[]) => {
  const { exitCode, stdout, stderr } = await startTool(['check', ...words], {
    directory,
    environment: { XDG_CACHE_HOME: cache },
  });
  return { exitCode, stdout, stderr };
};
const read = async () => JSON.parse(await readFile(file, 'utf8'));
/** Puts a word into what is kept, which no check would find: where it is printed, nothing was checked. */
const mark = async () =>
  writeFile(file, (await readFile(file, 'utf8')).replaceAll('shines brightly', 'WAS KEPT'));
const MARKED = { exitCode: 2, stdout: expect.stringContaining('WAS KEPT') };

beforeEach(async () => {
  directory = await runbookDirectory(PAGE);
  cache = await temporaryDirectory();
  await check();
  const checks = join(cache, 'testable-runbook', 'checks');
  file = join(checks, (await readdir(checks))[0] ?? '');
});

describe('what a check found', () => {
  it('is kept for its user alone, and printed again as it was, in each form', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
    for (const words of [[], ['--strict'], ['--format', 'json'], ['--format', 'github']]) {
      await mark();
      const kept = await check(...words);
      expect(kept).toMatchObject(MARKED);
      const made = await check('--no-cache', ...words);
      expect({ ...kept, stdout: kept.stdout.replaceAll('WAS KEPT', 'shines brightly') }).toEqual(made);
    }
    expect(await readdir(join(file, '..'))).toHaveLength(1);
  });

  it('is found again where the page is another', async () => {
    await mark();
    await writeFile(join(directory, 'runbook.md'), `${PAGE.join('\n')}\nMore.\n`);
    expect(await check()).not.toMatchObject(MARKED);
    expect(await check()).toMatchObject({ stdout: expect.stringContaining('shines brightly') });
  });

  it('is found again where a script beside the page comes, changes and goes', async () => {
    const script = join(directory, 'greet.sh');
    const hides = expect.stringContaining('greet.sh');
    await mark();
    await writeFile(script, 'false | echo hello\n');
    expect(await check()).toMatchObject({ stdout: hides });
    await mark();
    expect(await check()).toMatchObject({ stdout: expect.stringContaining('WAS KEPT') });
    await writeFile(script, 'echo hello\n');
    expect(await check()).not.toMatchObject({ stdout: hides });
    await mark();
    await rm(script);
    expect(await check()).not.toMatchObject(MARKED);
  });

  it('is found again by another tool', async () => {
    await mark();
    await writeFile(file, JSON.stringify({ ...(await read()), tool: 'another' }));
    expect(await check()).not.toMatchObject(MARKED);
  });

  it.each(['', '{', 'null', '{}'])('is found again where what is kept is damaged: `%s`', async (text) => {
    const before = await check('--no-cache');
    await writeFile(file, text);
    expect(await check()).toEqual(before);
    await mark();
    expect(await check()).toMatchObject(MARKED);
  });

  it('is found again where nothing can be kept, and nothing is said of that', async () => {
    const before = await check('--no-cache');
    await rm(join(file, '..'), { recursive: true });
    await writeFile(join(cache, 'testable-runbook', 'checks'), 'no directory');
    expect(await check()).toEqual(before);
  });

  it('is found again where it is asked for', async () => {
    await mark();
    expect(await check('--no-cache')).not.toMatchObject(MARKED);
    expect(await check()).toMatchObject(MARKED);
  });

  it('gives way to newer ones where there are many', async () => {
    const checks = join(file, '..');
    for (let i = 0; i < 500; i += 1) {
      await writeFile(join(checks, `old-${i}`), '');
      await utimes(join(checks, `old-${i}`), i, i);
    }
    await mkdir(join(directory, 'more'));
    await writeFile(join(directory, 'more', 'other.md'), PAGE.join('\n'));
    await check('more/other.md');
    const names = await readdir(checks);
    expect(names).toHaveLength(250);
    expect(names).toContain('old-499');
    expect(names).not.toContain('old-200');
    await mark();
    expect(await check()).toMatchObject(MARKED);
  });
});
