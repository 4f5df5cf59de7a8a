import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launch } from '../../tools/crosshot/dashboard/view.ts';
import type { Need } from '../support/requires.ts';
import { describeWith } from '../support/requires.ts';
import { copyOf } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';
import { article, becomes, becomesStatus, end, expectAccessible, look, opened } from './browser.ts';

const REPLICAS: [kind: string, needs: Need[], place: string][] = [
  ['embedded', [], '.runbook/replicas'],
  ['docker', ['docker'], '.runbook/replicas/docker'],
];

/** A procedure of its own, whose result set is neither sorted by its numbers nor by their digits. */
const ROWS = [
  '## Rows',
  '',
  '```sql { name=rows }',
  "SELECT * FROM (VALUES (10, 'ten'), (9, 'nine'), (100, 'hundred')) AS rows (n, word)",
  '```',
  '',
  '**Expected output:** 3 rows',
];

describe.each(REPLICAS)('a notebook on the replica %s', (kind, needs, place) => {
  describeWith(['chromium', ...needs], 'with a database', () => {
    it('keeps the replica from one button to the next, and takes it down when it ends', async () => {
      const directory = await copyOf('fixtures/others/todo');
      await appendFile(join(directory, 'runbook.md'), `\n${ROWS.join('\n')}\n`);
      const browser = await launch();
      onTestFinished(() => browser.close());
      const notebook = await opened(startTool(['open', '--replica', kind], { directory }));
      onTestFinished(() => void notebook.process.kill('SIGKILL'));
      const { page, complaints } = await look(browser, notebook.url);
      const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
      const status = (words: string) => becomesStatus(page, words);

      await press('Up to here not-yet');
      await status('up to not-yet: passed');
      const replicas = async () =>
        (await readdir(join(directory, place))).filter((name) => /^runbook-/.test(name));
      const before = await replicas();
      expect(before).toHaveLength(1);
      await press('From here on not-yet');
      await status('from not-yet on: passed');
      await becomes(page, 'answers', 'passed');
      // The column is there by now: it is the same database.
      await press('Run not-yet');
      await status('not-yet: failed');
      expect(await replicas()).toEqual(before);

      // Numbers are sorted as numbers, and what is searched for is all that is shown.
      await press('Run rows');
      await status('rows: passed');
      const table = article(page, 'rows').getByRole('table');
      const shown = () => table.locator('tbody tr:not([hidden]) td:first-child').allTextContents();
      expect(await shown()).toEqual(['10', '9', '100']);
      await table.getByRole('button', { name: 'n', exact: true }).click();
      expect(await shown()).toEqual(['9', '10', '100']);
      await table.getByRole('button', { name: 'n', exact: true }).click();
      expect(await shown()).toEqual(['100', '10', '9']);
      expect(await table.getByRole('columnheader', { name: 'n' }).getAttribute('aria-sort')).toBe(
        'descending',
      );
      await article(page, 'rows').getByRole('searchbox').fill('NINE');
      expect(await shown()).toEqual(['9']);
      await expectAccessible(page);
      expect(complaints).toEqual([]);
      expect(await end(notebook)).toBe(130);
      expect(await replicas()).toEqual([]);
    });

    it('leaves it to the next rehearsal where it is killed', async () => {
      const directory = await copyOf('fixtures/others/todo');
      const browser = await launch();
      onTestFinished(() => browser.close());
      const notebook = await opened(startTool(['open', '--replica', kind], { directory }));
      onTestFinished(() => void notebook.process.kill('SIGKILL'));
      const { page } = await look(browser, notebook.url);
      await page.getByRole('button', { name: 'Up to here not-yet', exact: true }).click();
      await becomesStatus(page, 'up to not-yet: passed');
      const replicas = async () =>
        (await readdir(join(directory, place))).filter((name) => /^runbook-/.test(name));
      expect(await replicas()).toHaveLength(1);
      notebook.process.kill('SIGKILL');
      await notebook.process;
      const { exitCode } = await startTool(['rehearse', 'not-yet', '--replica', kind], { directory });
      expect(exitCode).toBe(0);
      expect(await replicas()).toEqual([]);
    });
  });
});
