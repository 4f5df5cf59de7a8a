import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { appears, printed } from '../support/awaiting.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { atTerminal } from './terminal.ts';

const ASKING = fileURLToPath(new URL('asking.ts', import.meta.url));

/** A question is open at a terminal; `answer` is what became of it. */
async function asked() {
  const file = join(await temporaryDirectory(), 'answer');
  const terminal = atTerminal([process.execPath, '--import', 'tsx', ASKING, file]);
  await printed(terminal.stdout, 'Does everybody know?');
  const answer = async () => {
    await appears(file);
    return readFile(file, 'utf8');
  };
  return { terminal, answer };
}

it.each([
  ['y', 'yes'],
  ['n', 'no'],
])('the answer %s is %s', async (key, answer) => {
  const question = await asked();
  question.terminal.stdin.write(key);
  expect(await question.answer()).toBe(answer);
  expect((await question.terminal).exitCode).toBe(0);
});

it('Ctrl-C is no answer, and interrupts the run', async () => {
  const question = await asked();
  question.terminal.stdin.write('\u0003');
  expect(await question.answer()).toBe('none, interrupted');
});

it('a closed terminal gives no answer, and the question does not wait for one', async () => {
  const question = await asked();
  question.terminal.kill('SIGKILL');
  expect(await question.answer()).toBe('none');
});
