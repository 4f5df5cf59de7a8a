import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runbookDirectory } from '../support/shop.ts';
import { startTool } from '../support/tool.ts';

/** What a command prints of a runbook of these lines. */
async function printed(command: string, ...lines: string[]): Promise<string> {
  const runbook = join(await runbookDirectory(lines), 'runbook.md');
  const { stdout, stderr } = await startTool(['--runbook', runbook, command]);
  return stdout + stderr;
}

const hidden = [
  '# Shop',
  '',
  '## Step 1: Sell',
  '',
  '```sh { name=sell on=local }',
  'true # \u202eabc\u2066',
  '```',
];

it('a plan shows what nobody sees in a block as its code', async () => {
  const text = await printed('plan', ...hidden);
  expect(text).toContain('true # <U+202E>abc<U+2066>\n');
  expect(text).not.toMatch(/[\u202e\u2066]/);
});

it('a problem shows it, too', async () => {
  const text = await printed('check', ...hidden, '', '**Expected:** is \u202egood');
  expect(text).toContain('<U+202E>');
  expect(text).not.toMatch(/\u202e/);
});
