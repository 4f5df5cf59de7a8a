import { watch } from 'node:fs';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { changesOf } from '../../tools/commands/watch.ts';
import { runDirectories } from '../../tools/journal/journal.ts';
import { runbookDirectory, sh } from '../support/shop.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

const FRONT_MATTER = [
  '---',
  'database: { service: postgres, user: shop, name: shop }',
  'replica: { stack: stack }',
  '---',
];
const page = (expected: string, script = 'echo 1') => [
  ...FRONT_MATTER,
  ...['# Shop', '## Step 1: All', ''],
  ...sh('count', 'local', script, expected),
];

it('a saved change is judged: an expectation with nothing run, code on a fresh replica, a broken page with its problems', {
  timeout: 240_000,
}, async () => {
  const directory = await runbookDirectory(page('prints "2"'));
  const home = join(directory, '.runbook');
  const tool = startTool(['rehearse', '--watch', '--replica', 'embedded'], { directory });
  let printed = '';
  const waiting = new Map<() => boolean, () => void>();
  tool.stdout?.on('data', (chunk: Buffer) => {
    printed += String(chunk);
    for (const [isThere, go] of waiting) if (isThere()) go();
  });
  /** Waits for a text, and forgets all that was printed up to it. */
  const until = async (text: string) => {
    const isThere = () => printed.includes(text);
    if (!isThere()) await new Promise<void>((go) => waiting.set(isThere, go));
    waiting.clear();
    const before = printed.slice(0, printed.indexOf(text) + text.length);
    printed = printed.slice(before.length);
    return before;
  };
  /** As an editor does: another file takes the place of the old one. */
  const save = async (lines: string[]) => {
    await writeFile(join(directory, 'new.md'), `${lines.join('\n')}\n`);
    await rename(join(directory, 'new.md'), join(directory, 'runbook.md'));
  };
  const replica = async () =>
    (await readdir(join(home, 'replicas'))).filter((name) => name.startsWith('runbook-'));

  expect(await until('watching runbook.md')).toContain('✗ count');
  const [first] = await replica();
  await save(page('shines'));
  await until('[unread-sentence]');
  await save(page('prints "1"'));
  await until('only expectations have changed');
  expect(await until('watching runbook.md')).toContain('✓ count');
  expect(await replica()).toEqual([first]);
  expect(await runDirectories(home)).toHaveLength(1);
  await save(page('prints "3"', 'echo 3'));
  await until('on a fresh replica');
  expect(await until('watching runbook.md')).toContain('✓ count');
  const second = await replica();
  expect([second.length, second[0] === first]).toEqual([1, false]);
  tool.kill('SIGINT');
  expect((await tool).exitCode).toBe(130);
  expect(await replica()).toEqual([]);
});

it('what is saved while the last change is looked at is told after it', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'runbook.md');
  const beside = watch(directory);
  const over = new AbortController();
  onTestFinished(() => {
    beside.close();
    over.abort();
  });
  const changes = changesOf(file, over.signal);
  await changes.next();
  const asked = changes.next();
  await writeFile(file, 'one');
  expect(await asked).toEqual({ done: false, value: undefined });
  // The system has told every watcher of it once one of them knows.
  const told = new Promise<void>((go) => beside.on('change', (_, name) => name === 'last' && go()));
  await writeFile(file, 'two');
  await writeFile(join(directory, 'last'), '');
  await told;
  expect(await changes.next()).toEqual({ done: false, value: undefined });
  over.abort();
});
