import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bytesOf } from '../../tools/commands/bytes.ts';
import { readDocument } from '../../tools/commands/read.ts';
import { runbookDirectory } from '../support/shop.ts';

const matter = (inputs: string) => [
  '---',
  `inputs: [${inputs}]`,
  'database: { service: postgres, user: shop, name: shop }',
  'replica: { stack: stack, seed: ["{data}.sql"] }',
  '---',
  '# Shop',
];

/** A runbook with one input of each kind, and how to see its bytes. */
async function shop() {
  const directory = await runbookDirectory(matter('sql, one.txt'));
  await mkdir(join(directory, 'sql', 'deep'), { recursive: true });
  for (const file of ['one.txt', 'sql/a', 'sql/deep/b', 'large.sql', 'other'])
    await writeFile(join(directory, file), file);
  const at = (name: string) => join(directory, name);
  return { directory, at, bytes: async () => bytesOf(await readDocument(at('runbook.md'))) };
}

it.each<[string, (at: (name: string) => string) => Promise<unknown>]>([
  [
    'the runbook',
    (at) => writeFile(at('runbook.md'), [...matter('sql, one.txt'), '', 'More.', ''].join('\n')),
  ],
  ['a file', (at) => writeFile(at('one.txt'), 'two')],
  ['a file in a directory', (at) => writeFile(at('sql/deep/b'), 'c')],
  ['the name of one', (at) => rename(at('sql/deep/b'), at('sql/deep/c'))],
  ['whether one may be run', (at) => chmod(at('sql/a'), 0o755)],
  ['a file more', (at) => writeFile(at('sql/new'), '')],
  ['a link', (at) => symlink('a', at('sql/link'))],
  ['a file less', (at) => rm(at('sql/a'))],
  ['the stack', (at) => writeFile(at('stack/compose.yaml'), 'services: {}')],
  ['the seed of another size', (at) => writeFile(at('large.sql'), 'SELECT 1;')],
])('another one: %s', async (_, change) => {
  const { at, bytes } = await shop();
  const before = await bytes();
  await change(at);
  expect(await bytes()).not.toBe(before);
});

it('the same, whatever else is there', async () => {
  const { at, bytes } = await shop();
  const before = await bytes();
  await writeFile(at('other'), 'changed');
  for (const left of ['.runbook', 'node_modules', '.git']) await mkdir(at(`sql/${left}`));
  await writeFile(at('sql/node_modules/x'), '');
  expect(await bytes()).toBe(before);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
});

it('an input that is not there is refused', async () => {
  const directory = await runbookDirectory(matter('sqll'));
  const path = join(directory, 'runbook.md');
  await expect(bytesOf(await readDocument(path))).rejects.toThrow(
    `${path}:1:1: the front matter names the input sqll, which is not there: mend its name, or take it out`,
  );
});

it.each(['/etc', '../other', 'a/../../b', '..'])(
  'an input that stands elsewhere is a problem: %s',
  async (input) => {
    const { problems } = await readDocument(join(await runbookDirectory(matter(input)), 'runbook.md'));
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '2: `inputs.0` does not stand beside the runbook',
    ]);
  },
);
