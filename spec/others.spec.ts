import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../tools/report/report.ts';
import { describeWithDocker } from './support/requires.ts';
import { copyOf } from './support/tmp.ts';
import { startTool } from './support/tool.ts';

/** Runbooks of other people's shape, with how many blocks and expectations a rehearsal of all of each has. */
const OTHERS: [name: string, blocks: number, expectations: number][] = [
  ['todo', 16, 13],
  ['chores', 6, 4],
];

/** Rehearses every procedure on a copy, as a stranger does. */
async function rehearseAll(name: string, replica: string): Promise<RunReport> {
  const directory = await copyOf(join('fixtures/others', name));
  const { stdout, stderr, exitCode } = await startTool(['rehearse', '--all', '--replica', replica], {
    directory,
  });
  expect({ exitCode, stderr, end: stdout.split('\n').at(-3) }).toMatchObject({ exitCode: 0, stderr: '' });
  const run = /^report: (.+)$/m.exec(stdout)?.[1] ?? '';
  return JSON.parse(await readFile(join(run, 'report.json'), 'utf8')) as RunReport;
}

function passes(replica: string): void {
  it.each(OTHERS)('%s', { timeout: 180_000 }, async (name, blocks, expectations) => {
    const { totals, status } = await rehearseAll(name, replica);
    expect(status).toBe('passed');
    expect(totals).toMatchObject({
      ...{ blocks, blocks_passed: blocks },
      ...{ expectations, expectations_passed: expectations },
    });
  });
}

describe('the runbooks of others pass on the embedded replica', () => passes('embedded'));
describeWithDocker('the runbooks of others pass on the Docker replica', () => passes('docker'));

it.each(OTHERS)('%s has no problem, and leaves nothing unjudged', async (name) => {
  const page = join('fixtures/others', name, 'runbook.md');
  const { stdout, stderr, exitCode } = await startTool(['check', '--strict', page]);
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: '', stderr: '', exitCode: 0 });
});
