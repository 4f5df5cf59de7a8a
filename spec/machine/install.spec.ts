import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { InstallError, installMissing } from '../../tools/machine/install.ts';
import { REQUIREMENTS } from '../../tools/machine/requirements.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const missing = REQUIREMENTS.filter(({ name }) =>
  ['curl', 'psql', 'pg_dump', 'docker engine'].includes(name),
);

/** A machine whose only package manager is Homebrew, which writes down its words and ends as `script` says. */
async function withBrew(script: string) {
  const bin = join(await temporaryDirectory(), 'bin');
  await mkdir(bin);
  const brew = `#!/bin/sh\necho "$@" >> ${bin}/words\n${script}\n`;
  await writeFile(join(bin, 'brew'), brew, { mode: 0o755 });
  vi.stubEnv('PATH', bin);
  onTestFinished(() => void vi.unstubAllEnvs());
  const said: string[] = [];
  return {
    said,
    say: (line: string) => void said.push(line),
    words: () => readFile(join(bin, 'words'), 'utf8'),
  };
}

it('installs each package once, and says which', async () => {
  const { said, say, words } = await withBrew('exit 0');
  await installMissing(missing, say);
  expect(said).toEqual(['installing curl, libpq']);
  expect(await words()).toBe('install curl libpq\n');
});

it('does nothing where nothing that can be installed is missing', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  onTestFinished(() => void vi.unstubAllEnvs());
  await installMissing(
    missing.filter(({ packages }) => !packages),
    expect.fail,
  );
});

it('leaves out what the manager has no package of', async () => {
  const { words, say } = await withBrew('exit 0');
  const lacking = REQUIREMENTS.filter(({ name }) => name === 'busybox');
  await installMissing(lacking, expect.fail);
  await installMissing([...missing, ...lacking], say);
  expect(await words()).toBe('install curl libpq\n');
});

it('says why it could not, in the manager’s last words', async () => {
  const { say } = await withBrew('echo no such formula >&2; exit 1');
  const installed = installMissing(missing, say);
  await expect(installed).rejects.toThrow(InstallError);
  await expect(installed).rejects.toThrow('curl, libpq could not be installed:\nno such formula');
});

it('says what to install by hand where nothing can', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(installMissing(missing, () => undefined)).rejects.toThrow(
    'nothing here can install curl, postgresql-client: install them by hand, then try again',
  );
});
