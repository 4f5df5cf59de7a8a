import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { chromiumPath } from '../../tools/machine/chromium.ts';
import { findRequirements, REQUIREMENTS } from '../../tools/machine/requirements.ts';
import { findSshd } from '../../tools/machine/sshd.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** This process sees a PATH of these programs alone. */
async function withPrograms(programs: Record<string, string>): Promise<string> {
  const bin = join(await temporaryDirectory(), 'bin');
  await mkdir(bin);
  for (const [name, script] of Object.entries(programs))
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', bin);
  onTestFinished(() => void vi.unstubAllEnvs());
  return bin;
}

/** What is found of one requirement. */
async function found(name: string) {
  const [finding] = await findRequirements(REQUIREMENTS.filter((one) => one.name === name));
  if (!finding) throw new Error(`nothing is required by the name ${name}`);
  return 'lack' in finding ? { lack: finding.lack } : { version: finding.version };
}

it.each([
  ['that is there has a version', 'echo curl 8.5.0', { version: '8.5.0' }],
  ['may tell it on the standard error', 'echo curl 8.5.0 >&2', { version: '8.5.0' }],
  ['may tell none', 'echo curl', { version: 'of an unknown version' }],
  ['that does not run says why', 'echo no library >&2; exit 1', { lack: 'no library' }],
  ['that does not run may say nothing', 'exit 1', { lack: 'it does not run' }],
])('a program %s', async (_, script, expected) => {
  await withPrograms({ curl: script });
  expect(await found('curl')).toEqual(expected);
});

it('a program that is not there is lacking, and one that is too old, too', async () => {
  await withPrograms({ docker: 'echo 19.03.8' });
  expect(await found('curl')).toEqual({ lack: 'not found' });
  expect(await found('docker engine')).toEqual({ lack: '19.03.8 is too old: 20 or newer' });
});

it('the browser is the one that CHROMIUM names, or none', async () => {
  const bin = await withPrograms({ browser: 'echo Chromium 126.0.1' });
  vi.stubEnv('CHROMIUM', join(bin, 'browser'));
  expect(chromiumPath()).toBe(join(bin, 'browser'));
  expect(await found('chromium')).toEqual({ version: '126.0.1' });
  vi.stubEnv('CHROMIUM', join(bin, 'none'));
  expect(await found('chromium')).toEqual({ lack: 'not found' });
});

it('an sshd on the PATH comes before that of root’s directories', async () => {
  const bin = await withPrograms({ sshd: '' });
  expect(findSshd()).toBe(join(bin, 'sshd'));
});
