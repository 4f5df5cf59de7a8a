import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { makeShop, replicasOf, type Shop, sh, start } from '../support/shop.ts';
import { atTerminal } from './terminal.ts';

/** What a command shows at a terminal. */
const shown = (shop: Shop, ...words: string[]) => shownAt('xterm', shop, ...words);

async function shownAt(TERM: string, shop: Shop, ...words: string[]): Promise<string> {
  const { stdout, exitCode } = await atTerminal([process.execPath, ...shop.argv(...words)], { TERM });
  expect(exitCode).toBe(0);
  return stdout.replaceAll('\r', '');
}

it('a sound check says one line at a terminal, and nothing to a program', async () => {
  const shop = await makeShop([...sh('greet', 'local', 'true'), ...sh('again', 'local', 'true')]);
  expect(await shown(shop, 'check')).toBe(`${shop.directory}/runbook.md: no problem in 2 blocks`);
  expect(await start(shop, 'check')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
});

it('down says one line at a terminal, and nothing to a program', async () => {
  const shop = await makeShop([...sh('greet', 'local', 'true')]);
  expect(await shown(shop, 'down')).toBe(`there is no replica in ${shop.home}/replicas`);
  expect(await start(shop, 'down')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  await start(shop, 'rehearse', '--replica', 'embedded', '--keep');
  const [id = ''] = await replicasOf(shop);
  expect(await start(shop, 'down')).toMatchObject({ exitCode: 0, stdout: id });
  expect(await shown(shop, 'down', id)).toBe(`removed ${id}`);
  expect(await replicasOf(shop)).toEqual([]);
});

it.each([
  ['xterm', true],
  ['dumb', false],
])('a terminal called %s is told how far a block is: %j', async (name, told) => {
  const shop = await makeShop([...sh('greet', 'local', 'sleep 1.5')]);
  expect((await shownAt(name, shop, 'rehearse', '--replica', 'embedded')).includes('\u001b')).toBe(told);
});

it('--version is the version of the package', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(await start(await makeShop([]), '--version')).toMatchObject({ exitCode: 0, stdout: version });
});

it('help says what each option is for', async () => {
  const { stdout } = await start(await makeShop([]), 'rehearse', '--help');
  expect(stdout).toContain('which replica to rehearse on');
});
