import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { launch } from '../../tools/crosshot/dashboard/view.ts';
import { describeWith } from '../support/requires.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';
import { article, becomes, look, opened } from './browser.ts';

const [BLOCKS, SECTION] = [5000, 50];
const LINES = 700_000;

const section = (first: number) => [
  `## Step ${(first - 1) / SECTION + 1}: Blocks from ${first} on`,
  '',
  ...Array.from({ length: SECTION }, (_, i) => [
    `What block ${first + i} does.`,
    '',
    `\`\`\`sh { name=b${first + i} on=local effect=reads }`,
    `echo "hello ${first + i}"`,
    '```',
    '',
    `**Expected output:** prints "hello ${first + i}"`,
    '',
  ]).flat(),
];

const LARGE = [
  '# Large',
  '',
  ...Array.from({ length: BLOCKS / SECTION }, (_, i) => section(1 + i * SECTION)).flat(),
  '## Step 101: Speak at length',
  '',
  '```sh { name=loud on=local effect=reads timeout=5m }',
  `seq -f '%.0f is a line of seventy characters, of which there are a great many' ${LINES}`,
  '```',
  '',
  '**Expected output:** contains "1 is a line"',
];

describeWith(['chromium'], 'a page of thousands of blocks, and an output of 50 MB', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('is laid out where it is looked at, and told in small pieces of what changes', async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'runbook.md');
    await writeFile(path, `${LARGE.join('\n')}\n`);
    const notebook = await opened(startTool(['open', path]));
    onTestFinished(() => void notebook.process.kill('SIGKILL'));
    const { page, complaints } = await look(browser, notebook.url);
    onTestFinished(() => page.context().close());
    const told = await countTold(page);
    expect(await page.locator('article').count()).toBe(BLOCKS + 1);
    const isLaidOut = (name: string) =>
      article(page, name).evaluate((one) => one.checkVisibility({ contentVisibilityAuto: true }));
    expect(await isLaidOut('b1')).toBe(true);
    expect(await isLaidOut('b4000')).toBe(false);

    await page.locator('button[data-do=block][data-name=loud]').dispatchEvent('click');
    await becomes(page, 'loud', 'passed');
    await page.getByRole('status').getByText('loud: passed').waitFor();
    const shown = await article(page, 'loud').textContent();
    expect(shown).toContain('… the journal has the rest');
    const journal = await readFile(join(directory, '.runbook/last/journal.jsonl'), 'utf8');
    const { stdout } = JSON.parse(
      journal.split('\n').find((line) => /"block-finished"/.test(line)) ?? '{}',
    ).output;
    expect(stdout.bytes ?? stdout.text.length).toBeGreaterThan(50e6);

    await page.locator('button[data-do=until][data-name=b20]').dispatchEvent('click');
    await page.getByRole('status').getByText('up to b20: passed').waitFor();
    await becomes(page, 'b20', 'passed');
    // All of the page has six million characters, and all of the output ten times as many.
    expect(await told()).toBeLessThan(2_000_000);
    expect(complaints).toEqual([]);
    // Of Linux alone the most that a process has held can be asked afterwards.
    const status = await readFile(`/proc/${notebook.process.pid}/status`, 'utf8').catch(() => '');
    const heldKb = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    expect(heldKb).toBeLessThan(1_000_000);
  });
});

/** Listens to what the notebook tells the page from now on, and gives how many characters it was so far. */
async function countTold(page: Awaited<ReturnType<typeof look>>['page']): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = globalThis as unknown as { told: number };
    counted.told = 0;
    const { version = '0' } = document.body.dataset;
    new EventSource(`/events?since=${version}`).addEventListener('message', ({ data }) => {
      counted.told += String(data).length;
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { told: number }).told);
}
