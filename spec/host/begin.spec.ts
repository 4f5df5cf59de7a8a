import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localHost } from '../../tools/host/local.ts';
import { runShell } from '../../tools/host/shell.ts';
import { newRunId } from '../support/run-id.ts';
import { temporaryDirectory } from '../support/tmp.ts';

/** Runs `touch ran` in a directory, by a bash that is started through another one. */
function touch(directory: string, through: string, signal = new AbortController().signal) {
  const host = localHost({ directory });
  const script = { name: 'runbook.md', text: 'touch ran; echo hello', line: 1, cwd: null, environment: {} };
  const start = (argv: string[]) => host.start(['bash', '-c', through, 'login', ...argv]);
  const run = { unit: `${newRunId()}/touch.1`, begun: null, record: async () => undefined };
  const place = { name: 'there', start };
  return runShell(place, { ...script, timeoutMs: 50_000 }, { ...run, onLine: () => undefined, signal });
}

it('a block that is interrupted before it is known how to end it has not begun', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'hold'), '');
  const controller = new AbortController();
  // What the far side says is long on its way, as on a slow line.
  const slowly = `"$@" | { touch held; while [ -e hold ]; do sleep 0.05; done; cat; }`;
  const running = touch(directory, slowly, controller.signal);
  await expect.poll(() => existsSync(join(directory, 'held')), { timeout: 120_000 }).toBe(true);
  controller.abort();
  await rm(join(directory, 'hold'));
  await running;
  expect(existsSync(join(directory, 'ran'))).toBe(false);
});

it('what a login says before its shell starts is none of the block’s', async () => {
  const directory = await temporaryDirectory();
  const { output, forget } = await touch(directory, 'echo Welcome to the NAS; exec "$@"');
  await forget();
  expect(output).toMatchObject({ exitCode: 0, stdout: { text: 'hello\n' } });
});
