import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { appears, printed } from '../support/awaiting.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { atTerminal } from './terminal.ts';

const ASKING = fileURLToPath(new URL('asking.ts', import.meta.url));

/** The first of these questions is open at a terminal; `answer` is what becomes of the last. */
async function asked(...questions: string[]) {
  const file = join(await temporaryDirectory(), 'answer');
  const terminal = atTerminal([process.execPath, '--import', 'tsx', ASKING, file, ...questions]);
  await printed(terminal.stdout, questions[0] ?? '');
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
  const question = await asked('Does everybody know?');
  question.terminal.stdin.write(key);
  expect(await question.answer()).toBe(answer);
  expect((await question.terminal).exitCode).toBe(0);
});

it('one question is asked after another', async () => {
  const question = await asked('Does everybody know?', 'Really?');
  const second = printed(question.terminal.stdout, 'Really?');
  question.terminal.stdin.write('y');
  await second;
  question.terminal.stdin.write('n');
  expect(await question.answer()).toBe('no');
});

it('a question stands on one line of a terminal that knows no width', async () => {
  const file = join(await temporaryDirectory(), 'answer');
  const words = [process.execPath, '--import', 'tsx', ASKING, file, 'Does everybody know?'];
  const terminal = atTerminal(['sh', '-c', 'stty columns 0 rows 0; exec "$@"', 'sh', ...words]);
  terminal.stdin.write('y');
  const { stdout } = await terminal;
  expect(stdout).toContain('Does everybody know?');
});

it('Ctrl-C is no answer, and interrupts the run', async () => {
  const question = await asked('Does everybody know?');
  question.terminal.stdin.write('\u0003');
  expect(await question.answer()).toBe('none, interrupted');
});

it('a closed terminal gives no answer, and the question does not wait for one', async () => {
  const question = await asked('Does everybody know?');
  question.terminal.kill('SIGKILL');
  expect(await question.answer()).toBe('none');
});
