import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { launch } from '../../tools/crosshot/dashboard/view.ts';
import { makeHost, type SpecHost } from '../support/host.ts';
import { describeWith } from '../support/requires.ts';
import { marking, step, tracesOn } from '../support/traces.ts';
import { becomes, end, look, opened } from './browser.ts';

const fence = (info: string, script: string) => [`\`\`\`sh { ${info} }`, script, '```', ''];

const STEPS = step(
  fence('name=one on=nas effect=writes', marking('one')),
  fence('name=two on=nas effect=writes', marking('two', '[ -e mended ]')),
  fence('name=three on=nas effect=destroys', marking('three')),
);

describeWith(['sshd', 'chromium'], 'a notebook on a host', () => {
  let host: SpecHost;
  let browser: Browser;
  beforeAll(async () => {
    [host, browser] = await Promise.all([makeHost(), launch()]);
  });
  afterAll(() => Promise.all([host?.close(), browser?.close()]));
  const { marks, leave, runs, report, clear } = tracesOn(() => host);
  beforeEach(async () => {
    await clear('marks', 'mended');
    await host.write(STEPS);
  });

  async function start(...options: string[]) {
    const notebook = await opened(host.process('open', '--host', 'nas', ...options));
    onTestFinished(() => void notebook.process.kill('SIGKILL'));
    const { page } = await look(browser, notebook.url);
    onTestFinished(() => page.context().close());
    const status = (text: string) => page.getByRole('status').getByText(text).waitFor();
    const asked = (text: string | RegExp) => page.locator('.question', { hasText: text }).waitFor();
    const press = (name: string | RegExp) => page.getByRole('button', { name }).click();
    const type = async (text: string) => {
      await page.getByRole('textbox').fill(text);
      await press('Answer');
    };
    return { notebook, page, status, asked, press, type };
  }

  it('runs nothing that no rehearsal vouches for, and says what to do', async () => {
    const { page, status, press } = await start();
    await press('Run it on nas');
    await status('main: aborted');
    expect(await page.getByRole('status').textContent()).toMatch(/no rehearsal/);
    expect(await marks()).toEqual([]);
  });

  it('asks before it begins, waits at a gate for the name, and goes on after a failure, with a journal of each', async () => {
    const { notebook, page, status, asked, press, type } = await start('--unrehearsed', 'a spec');
    await press('Run it on nas');
    await asked(/Run 3 steps of main on nas/);
    await press('Yes');
    await status('main: failed');
    await becomes(page, 'two', 'failed');
    expect(await marks()).toEqual(['one', 'two']);

    await leave('mended');
    await press(/^Go on with run/);
    await asked(/Run .* of main on nas/);
    await press('Yes');
    await asked('two');
    await type('two');
    await asked(/Type three to let it run/);
    expect(await marks()).toEqual(['one', 'two', 'two']);
    await type('thre');
    await page.getByRole('status').getByText('aborted').waitFor();
    expect(await marks()).toEqual(['one', 'two', 'two']);

    await press(/^Go on with run/);
    await asked(/Run .* of main on nas/);
    await press('Yes');
    await asked(/Type three to let it run/);
    await type('three');
    await page.getByRole('status').getByText('passed').waitFor();
    expect(await marks()).toEqual(['one', 'two', 'two', 'three']);
    expect(await runs()).toHaveLength(3);
    expect((await report()).status).toBe('passed');
    await becomes(page, 'one', 'passed');
    expect(await end(notebook)).toBe(130);
  });

  it('goes on with a run as what it is of, which need not be main', async () => {
    const { page, status, asked, press, type } = await start('--unrehearsed', 'a spec');
    await press('Run two');
    await asked(/Run 1 step.* of two on nas/);
    await press('Yes');
    await status('two: failed');
    await leave('mended');
    await press(/^Go on with run/);
    await asked(/Run 1 step.* of two on nas/);
    await press('Yes');
    await asked('two');
    await type('two');
    await page.getByRole('status').getByText('passed').waitFor();
    expect(await marks()).toEqual(['two', 'two']);
  });
});
