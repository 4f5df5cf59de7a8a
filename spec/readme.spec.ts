import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sentenceTable } from '../tools/expect/language.ts';

it('the README lists exactly the sentences that there are', async () => {
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, table] = /<!-- sentences -->\n+([\s\S]*?)\n+<!-- \/sentences -->/.exec(readme) ?? [];
  const update = 'put what sentenceTable() of tools/expect/language.ts gives between the README’s markers';
  expect(table, update).toBe(sentenceTable());
});
