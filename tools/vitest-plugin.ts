/** Makes a runbook a file of tests of vitest's, in which each test stands at its line of the page. */
import type { RunbookOptions } from './vitest.ts';

/** As much of a plugin of Vite's as this is. */
export interface RunbookPlugin {
  name: string;
  enforce: 'pre';
  config(): { test: { includeTaskLocation: boolean } };
  transform(code: string, id: string): { code: string; map: null } | undefined;
}

/**
 * For the `plugins` of a vitest configuration whose `include` names the page, as in `include: ['runbook.md']`. Every
 * Markdown page that vitest takes for a file of tests is asked as `describeRunbook` asks it.
 */
export function runbookTests(options: RunbookOptions = {}): RunbookPlugin {
  return {
    name: 'testable-runbook',
    enforce: 'pre',
    config: () => ({ test: { includeTaskLocation: true } }),
    transform(code, id) {
      const [path = ''] = id.split('?');
      return path.endsWith('.md') ? { code: moduleOf(path, code, options), map: null } : undefined;
    },
  };
}

/** A module of as many lines as the page, in which each line declares its own tests. */
function moduleOf(path: string, page: string, options: RunbookOptions): string {
  const given = [path, options].map((value) => JSON.stringify(value)).join(', ');
  const lines = page.split('\n').map((_, i) => `at(${i + 1});`);
  const begin = `import { testsOfPage } from 'testable-runbook/vitest'; const at = testsOfPage(${given});`;
  return [`${begin} ${lines[0]}`, ...lines.slice(1)].join('\n');
}
