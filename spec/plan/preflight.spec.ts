import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import which from 'which';
import { askHost } from '../../tools/host/ask.ts';
import { localHost } from '../../tools/host/local.ts';
import { preflightQuestion, readPreflight } from '../../tools/plan/preflight.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** What this machine answers with these programs alone on its PATH. */
async function answerOf(programs: string[], asked: string[], environment: Record<string, string> = {}) {
  const directory = await temporaryDirectory();
  const bin = join(directory, 'bin');
  await mkdir(bin);
  for (const name of ['bash', 'mktemp', 'rm', 'date', ...programs])
    await symlink(which.sync(name), join(bin, name));
  const host = localHost({ directory, environment: { PATH: bin, ...environment } });
  const said = await askHost(host, preflightQuestion(asked), 30_000);
  return readPreflight(said?.stdout ?? '');
}

it('a machine says which programs it has not', async () => {
  const answer = await answerOf(['sort'], ['sort', 'echo', 'no-such-program']);
  expect(answer).toMatchObject({
    noise: '',
    missing: [{ program: 'no-such-program', directory: null }],
    temporary: null,
  });
  expect(Math.abs((answer?.clock ?? 0) - Date.now() / 1000)).toBeLessThan(30);
});

it('and where one is that its PATH leaves out', async () => {
  const [program = ''] = await readdir('/usr/sbin');
  expect((await answerOf([], [program]))?.missing).toEqual([{ program, directory: '/usr/sbin' }]);
});

it('and why nothing can be written to its temporary directory', async () => {
  const answer = await answerOf([], [], { TMPDIR: '/no/such/directory' });
  expect(answer?.temporary).toContain('/no/such/directory');
});

it('what stands before its answer is noise; half an answer is none', () => {
  const answer = '\nrunbook-preflight\nmissing curl \nclock 1772330400\n';
  expect(readPreflight(`Welcome\nto the NAS\n${answer}`)).toMatchObject({ noise: 'Welcome\nto the NAS\n' });
  expect(readPreflight(answer)).toMatchObject({ noise: '', clock: 1772330400 });
  expect(readPreflight('\nrunbook-preflight\nmissing curl \n')).toBeNull();
  expect(readPreflight('')).toBeNull();
});

it('a machine that does not answer is waited for no longer than asked', async () => {
  const host = localHost({ directory: '/' });
  expect(await askHost(host, ['sleep', '1000'], 50)).toBeNull();
  expect(await askHost(host, ['no-such-program'], 30_000)).toMatchObject({ code: null });
});
