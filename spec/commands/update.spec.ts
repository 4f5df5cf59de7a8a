import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runbook, runbookDirectory, sh } from '../support/shop.ts';

const FRONT_MATTER = [
  '---',
  'database: { service: postgres, user: shop, name: shop }',
  'replica: { stack: stack }',
  '---',
];
const page = (lines: number, status: number, last = 'true') => [
  ...FRONT_MATTER,
  ...['# Shop', '## Step 1: All', ''],
  ...sh('count', 'local', 'printf "a\\nb\\n"', `prints ${lines} lines`),
  ...sh('end', 'local', 'exit 3', `exits ${status}`),
  ...sh('last', 'local', last),
];
const text = (lines: string[]) => `${lines.join('\n')}\n`;
const rehearse = (directory: string, ...words: string[]) =>
  runbook(directory, 'rehearse', '--replica', 'embedded', ...words);

it('rewrites, after a run past what differs, where it is told yes, and only shows where nobody is there', {
  timeout: 120_000,
}, async () => {
  const directory = await runbookDirectory(page(1, 2));
  const file = join(directory, 'runbook.md');
  const shown = await rehearse(directory, '--update');
  expect(shown).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('-- exits 2\n+- exits 3\n') });
  expect(shown.stdout).toContain('nothing was written');
  expect(await readFile(file, 'utf8')).toBe(text(page(1, 2)));
  const { mode } = await stat(file);
  expect(await rehearse(directory, '--update', '--yes')).toMatchObject({ exitCode: 0 });
  expect(await readFile(file, 'utf8')).toBe(text(page(2, 3)));
  expect((await stat(file)).mode).toBe(mode);
});

it('keeps every other byte: line ends of Windows, a mark of the byte order, tabs, quotation marks, no end of the last line', {
  timeout: 120_000,
}, async () => {
  const odd = (n: number) => {
    const quoted = ['> **Expected\toutput:**', '>', '> ```', `> said ${n}`, '> ```'];
    const body = [...page(n, 3, 'echo said 2'), ...quoted, '', 'A tab:\tand the end'];
    return `\ufeff${body.join('\r\n')}`;
  };
  const directory = await runbookDirectory([]);
  const file = join(directory, 'runbook.md');
  await writeFile(file, odd(1));
  expect(await rehearse(directory, '--update', '--yes')).toMatchObject({ exitCode: 0 });
  expect(await readFile(file, 'utf8')).toBe(odd(2));
});

it('rewrites nothing after a run that broke off', { timeout: 120_000 }, async () => {
  const directory = await runbookDirectory(page(1, 3, 'false'));
  const ended = await rehearse(directory, '--update', '--yes');
  expect(ended).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('did not come to its end') });
  expect(await readFile(join(directory, 'runbook.md'), 'utf8')).toBe(text(page(1, 3, 'false')));
});

it('leaves a file alone that was changed while it was rehearsed', { timeout: 120_000 }, async () => {
  const changing = page(1, 3, 'echo "" >> runbook.md');
  const directory = await runbookDirectory(changing);
  const ended = await rehearse(directory, '--update', '--yes');
  expect(ended).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('has been changed since it was read'),
  });
  expect(await readFile(join(directory, 'runbook.md'), 'utf8')).toBe(`${text(changing)}\n`);
});

const BROKEN = [
  '# Shop',
  '',
  '- [] Is it night?',
  '',
  '## Step 1: All',
  '',
  '```sh { nmae=get on=local }',
  'curl http://x/',
  '```',
  '',
];

it('check --fix mends what has one right remedy', async () => {
  const directory = await runbookDirectory(BROKEN);
  const file = join(directory, 'runbook.md');
  await writeFile(file, BROKEN.join('\r\n'));
  expect(await runbook(directory, 'check', '--fix')).toMatchObject({
    exitCode: 2,
    stdout: expect.stringContaining('+- [ ] Is it night?'),
  });
  expect(await readFile(file, 'utf8')).toBe(BROKEN.join('\r\n'));
  expect(await runbook(directory, 'check', '--fix', '--yes')).toMatchObject({ exitCode: 0 });
  const mended = BROKEN.join('\r\n')
    .replace('[]', '[ ]')
    .replace('nmae', 'name')
    .replace('curl', 'curl --fail');
  expect(await readFile(file, 'utf8')).toBe(mended);
});
