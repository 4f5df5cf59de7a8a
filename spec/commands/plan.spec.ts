import { expect, it } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { runbook, runbookDirectory, sh } from '../support/shop.ts';

const body = [
  '# Shop',
  '## Step 1: Greet',
  '```sh { name=greet }',
  'true',
  '```',
  '## Step 2: Part',
  '```sh { name=part }',
  'true',
  '```',
];

it('a plan for the real host is of what was asked for alone', async () => {
  const nas = ['---', 'nas: { ssh: admin@shop, directory: /srv/shop }', '---'];
  const { exitCode, stdout } = await runbook(
    await runbookDirectory([...nas, ...body]),
    'plan',
    'part',
    '--on',
    'nas',
  );
  expect(exitCode).toBe(0);
  expect(stdout).toContain('runbook.md: part, on admin@shop, /srv/shop\n');
  expect(stdout).not.toMatch(/greet: line|needs/);
});

it('where the front matter names no real host, none is planned for', async () => {
  expect(await runbook(await runbookDirectory(body), 'plan', '--on', 'nas')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr:
      'runbook.md:1:1: the front matter names no `nas`; ' +
      'write `hosts: { nas: { ssh: user@host, directory: /where/compose.yaml/is } }` into it [front-matter]',
  });
});

it('a plan shows what tells whether a block is done, and, for the real host, gates', async () => {
  const directory = await runbookDirectory([
    ...['---', 'hosts: { nas: { ssh: admin@shop, directory: /srv/shop } }', '---', '# Shop', '## Step 1: Go'],
    ...['```sh { name=wipe on=nas effect=destroys done=look }', 'true', '```', '## Look'],
    ...['```sh { name=look on=nas effect=reads }', 'true', '```', '', '**Expected:** prints nothing'],
  ]);
  const { stdout } = await runbook(directory, 'plan', '--on', 'nas');
  expect(stdout).toContain(
    '  wipe: line 6, on nas, destroys, done by look\n' +
      '    ! gate: somebody types its name before, or the run is given --allow wipe\n',
  );
  const rehearsal = await runbook(directory, 'plan');
  expect(rehearsal.stdout).toContain('done by look');
  expect(rehearsal.stdout).not.toContain('gate');
});

const page = [
  ...['---', 'nas: { ssh: admin@shop, directory: /srv/shop }'],
  ...['database: { service: postgres, user: shop, name: shop }'],
  ...['replica: { stack: stack, variables: { WHO: nobody } }', 'variables: { WHO: everybody }', '---'],
  ...['# Shop', '## Checklist', '- [ ] Everybody knows.', '', '## Step 1: Greet', 'About 1 minute', ''],
  ...sh('greet', 'nas', 'echo "hello $WHO"', 'prints "hello"'),
  ...['## Going back', ''],
  ...sh('part', 'nas', 'echo bye', 'prints "bye"'),
];

it.each([
  ['a rehearsal', 'plan-replica', []],
  ['a run', 'plan-host', ['--on', 'nas']],
  ['a procedure with what it needs', 'plan-procedure', ['going-back']],
  ['a procedure that there is not', 'plan-unknown', ['going-bakc']],
])('the plan of %s is all that it was', async (_, file, words) => {
  const ended = await runbook(await runbookDirectory(page), 'plan', ...words);
  // What ssh says of a name that nobody knows is its own, and that of the machine.
  const stdout = ended.stdout.replace(/(cannot be reached: ).*/, '$1<why>');
  await expectGolden(`golden/${file}.txt`, { ...ended, stdout });
});
