import { expect, it } from 'vitest';
import { CHECK_FORMATS } from '../../tools/commands/formats.ts';
import { expectGolden } from '../support/golden.ts';
import { runbook, runbookDirectory, sh } from '../support/shop.ts';

const SOUND = ['# Shop', '', '## Step 1: Greet', '', ...sh('greet', 'local', 'echo hello', 'prints "hello"')];

/** With problems of several kinds, on one page and in no order. */
const FAULTY = [
  ...['---', 'databse: { service: postgres }', '---', '# Shop', '', '## Step 1: Greet', ''],
  ...sh('greet', 'local', 'echo hello', 'shines brightly'),
  ...sh('greet', 'nowhere', 'echo "hello', 'prints "hello"'),
];

it.each(CHECK_FORMATS)('a faulty page is refused with all its problems, as %s', async (format) => {
  const ended = await runbook(await runbookDirectory(FAULTY), 'check', '--format', format);
  await expectGolden(`golden/check-faulty-${format}.txt`, ended);
});

it.each(CHECK_FORMATS)('a sound page passes, as %s', async (format) => {
  const ended = await runbook(await runbookDirectory(SOUND), 'check', '--format', format);
  await expectGolden(`golden/check-sound-${format}.txt`, ended);
});

it('a sound page of which not all is judged passes, and is refused where that is strict', async () => {
  const directory = await runbookDirectory([
    ...SOUND,
    '',
    'You should see a greeting.',
    '',
    '- [ ] It is night.',
  ]);
  expect(await runbook(directory, 'check')).toMatchObject({ exitCode: 0, stdout: '' });
  await expectGolden('golden/check-strict.txt', await runbook(directory, 'check', '--strict'));
});

it('a page that is not there is refused, whichever option names it', async () => {
  const directory = await runbookDirectory(SOUND);
  const byArgument = await runbook(directory, 'check', 'other.md');
  await expectGolden('golden/check-absent.txt', byArgument);
  expect(await runbook(directory, '--runbook', 'other.md', 'check')).toEqual(byArgument);
  expect(await runbook(directory, 'check', '.')).toMatchObject({
    exitCode: 2,
    stderr: '.: this is a directory: name the page in it',
  });
  expect(await runbook(directory, 'check', '')).toMatchObject({
    exitCode: 2,
    stderr: 'the name of the page is empty',
  });
});

it.each([
  ['a command', ['chekc'], 'chekc'],
  ['an option', ['check', '--fromat', 'json'], 'fromat'],
  ['a format', ['check', '--format', 'yaml'], 'format-yaml'],
])('%s that there is not is refused', async (_, words, name) => {
  await expectGolden(`golden/usage-${name}.txt`, await runbook(await runbookDirectory(SOUND), ...words));
});
