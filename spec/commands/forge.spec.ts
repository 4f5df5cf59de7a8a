import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quietOfForge, tellForge } from '../../tools/commands/forge.ts';
import { blockReport, expectationOutcome, runReport } from '../support/report.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

const wrong = expectationOutcome({
  ...{ status: 'failed', text: 'titles is 2', expected: 'titles is 2', actual: '100%\ntitles is 3' },
});
const why = { message: 'exit status 1', line: 8, column: 3 };
const report = runReport(
  [
    blockReport('one'),
    blockReport('two', { status: 'failed', why, expectations: [expectationOutcome(), wrong] }),
    blockReport('three', { status: 'not-run', why: { ...why, message: 'an earlier block failed' } }),
  ],
  { status: 'failed' },
);
const ANNOTATIONS = [
  '::error file=runbook.md,line=8,col=3,title=two::exit status 1',
  '::error file=runbook.md,line=11,col=1,title=two::titles is 2%0Aexpected: titles is 2%0Aactual: 100%25%0Atitles is 3',
];

it('a workflow is given an annotation for each failure, and the report below what its summary holds', async () => {
  const summary = join(await temporaryDirectory(), 'summary.md');
  await writeFile(summary, 'before\n');
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  expect(await tellForge(report, environment)).toEqual(ANNOTATIONS);
  expect(await readFile(summary, 'utf8')).toMatch(/^before\n### ❌ Move the shop: failed\n/);
  expect(await tellForge(runReport([blockReport('one')]), environment)).toEqual([]);
});

it('a path is that of the workspace', async () => {
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: '/work/shop' };
  const at = (path: string) =>
    tellForge({ ...report, runbook: { ...report.runbook, path } }, environment).then(([line]) => line);
  expect(await at('/work/shop/ops/a,b.md')).toContain('file=ops/a%2Cb.md,line');
  expect(await at('/elsewhere/runbook.md')).toContain('file=/elsewhere/runbook.md,line');
});

it('nobody else is told anything', async () => {
  const summary = join(await temporaryDirectory(), 'summary.md');
  expect(await tellForge(report, { GITHUB_STEP_SUMMARY: summary })).toEqual([]);
  await expect(readFile(summary)).rejects.toThrow('ENOENT');
});

it('a summary that cannot be written is a warning', async () => {
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/nowhere/summary.md' };
  expect(await tellForge(report, environment)).toEqual([
    ...ANNOTATIONS,
    expect.stringMatching(/^warning: the summary of the job cannot be written: ENOENT/),
  ]);
});

it('what blocks print between two words is no command of the workflow, and nobody can guess the second', () => {
  const { begin, end } = quietOfForge({ GITHUB_ACTIONS: 'true' });
  const [, word = ''] = /^::stop-commands::([\w-]{36})$/.exec(begin.join('\n')) ?? [];
  expect(end).toEqual([`::${word}::`]);
  expect(quietOfForge({ GITHUB_ACTIONS: 'true' }).end).not.toEqual(end);
  expect(quietOfForge({})).toEqual({ begin: [], end: [] });
});

it('a rehearsal in a workflow says them around its blocks, and annotates behind them', async () => {
  const directory = await temporaryDirectory();
  const page = [
    '# Loud',
    '',
    '## Step 1: Speak',
    '',
    '```sh { name=loud on=local effect=reads }',
    'echo "::error ::gotcha"',
    '```',
    '',
    '**Expected output:** prints "hello"',
  ];
  await writeFile(join(directory, 'runbook.md'), `${page.join('\n')}\n`);
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '' };
  const { stdout, stderr, exitCode } = await startTool(['rehearse'], { directory, environment });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  const lines = stdout.split('\n');
  const begin = lines.findIndex((line) => line.startsWith('::stop-commands::'));
  const end = lines.indexOf(`::${lines[begin]?.split('::')[2]}::`);
  expect(begin).toBeGreaterThanOrEqual(0);
  const commands = lines.flatMap((line, i) => (/^\s*::error/.test(line) ? [[i, line] as const] : []));
  expect(commands.length).toBeGreaterThan(1);
  for (const [i, line] of commands)
    expect([
      line,
      line.includes('gotcha') && !line.includes('file=') ? begin < i && i < end : i > end,
    ]).toEqual([line, true]);
});
