import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import MarkdownIt from 'markdown-it';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A fence of a recipe: a file to make, rows to add to one, or commands to run. */
interface Instruction {
  language: string;
  text: string;
  /** The first file that the text before the fence names. */
  path: string;
}

const FILE = /`((?:tools|spec|fixtures)\/[\w./-]+\.\w+)`/;

/** What a section of CONTRIBUTING.md tells to do. */
interface Recipe {
  /** Its first paragraph, which counts what is made. */
  summary: string;
  instructions: Instruction[];
}

/** The sections of a page that have a heading of the third level, by that heading. */
function recipesOf(page: string): Map<string, Recipe> {
  const recipes = new Map<string, Recipe>();
  for (const section of page.split(/^### /m).slice(1)) {
    const tokens = new MarkdownIt().parse(`### ${section}`, {});
    const [heading = '', summary = ''] = tokens
      .filter(({ type }) => type === 'inline')
      .map((one) => one.content);
    const instructions: Instruction[] = [];
    let before = '';
    for (const { type, content, info } of tokens) {
      if (type === 'inline') before = content;
      if (type === 'fence')
        instructions.push({ language: info, text: content, path: FILE.exec(before)?.[1] ?? '' });
    }
    recipes.set(heading, { summary, instructions });
  }
  return recipes;
}

const NUMBERS = ['No', 'One', 'Two', 'Three'];
const counted = (count: number, one: string) => `${NUMBERS[count]} ${one}${count === 1 ? '' : 's'}`;

/** Adds to a text the lines that have a plus, each hunk in the only place where its other lines stand. */
function patched(text: string, diff: string): string {
  return diff.split(/^@@\n/m).reduce((all, hunk) => {
    const lines = hunk.split(/(?<=\n)/);
    const of = (...signs: string[]) =>
      lines
        .filter(([sign = '']) => signs.includes(sign))
        .map((line) => line.slice(1))
        .join('');
    const parts = all.split(of(' '));
    if (parts.length !== 2) throw new Error(`these lines stand ${parts.length - 1} times there:\n${of(' ')}`);
    return parts.join(of(' ', '+'));
  }, text);
}

/** Copies the project, without what Git ignores. */
async function copyProject(directory: string): Promise<void> {
  const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  for (const path of stdout.split('\n')) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await cp(path, join(directory, path));
  }
  await symlink(resolve('node_modules'), join(directory, 'node_modules'));
}

const recipes = recipesOf(await readFile('CONTRIBUTING.md', 'utf8'));

/** The contract takes minutes and a Docker engine: whoever adds a host runs it. */
const TOO_LONG = 'npx vitest run spec/contract';

describe('a recipe of CONTRIBUTING.md can be followed to the letter', () => {
  let project: string;
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'runbook-recipes-'));
    await copyProject(project);
  });
  afterAll(() => rm(project, { recursive: true, force: true }));

  /** How a command ended there, with all that it printed where it failed. */
  async function run(command: string) {
    // As in a shell of its own, not as a part of these tests.
    const own = Object.keys(process.env).filter((name) =>
      /^(VITEST|NODE_ENV$|TEST$|MODE$|DEV$|PROD$)/.test(name),
    );
    const env = Object.fromEntries(own.map((name) => [name, undefined]));
    const { all, exitCode } = await execa(command, {
      cwd: project,
      shell: true,
      all: true,
      env,
      reject: false,
    });
    return { command, exitCode, printed: exitCode === 0 ? '' : all };
  }

  async function follow({ language, text, path }: Instruction): Promise<void> {
    if (language === 'sh') {
      for (const command of text
        .trim()
        .split('\n')
        .filter((line) => line !== TOO_LONG))
        expect(await run(command)).toEqual({ command, exitCode: 0, printed: '' });
      return;
    }
    const file = join(project, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, language === 'diff' ? patched(await readFile(file, 'utf8'), text) : text);
  }

  it('there are four', () => {
    expect([...recipes.keys()]).toEqual([
      'Add a sentence',
      'Add a check rule',
      'Add a command',
      'Add a host',
    ]);
  });

  it.each([...recipes])('%s', async (_, { summary, instructions }) => {
    const rows = instructions.filter(({ language }) => language === 'diff').length;
    const commands = instructions.filter(({ language }) => language === 'sh').length;
    const files = instructions.length - rows - commands;
    expect(summary).toContain(`${counted(files, 'new file')}, ${counted(rows, 'row').toLowerCase()}`);
    for (const instruction of instructions) await follow(instruction);
  });

  it.each(['npm run -s types', 'npm run -s lint'])('and afterwards %s finds nothing', async (command) => {
    expect(await run(command)).toEqual({ command, exitCode: 0, printed: '' });
  });
});
