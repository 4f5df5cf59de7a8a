import { expect, it } from 'vitest';
import { runbook, runbookDirectory } from '../support/shop.ts';

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
      'write `nas: { ssh: user@host, directory: /where/compose.yaml/is }` into it [front-matter]',
  });
});
