import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readJournal, runDirectories } from '../../tools/journal/journal.ts';
import { foldReport } from '../../tools/report/report.ts';
import { runbook, runbookDirectory } from '../support/shop.ts';

/** Whoever gives this to a shell loses a file. */
const HOSTILE = "$(rm runbook.md) 'x' -- \n.dump";

const page = [
  '---',
  'database: { service: postgres, user: shop, name: shop }',
  'replica: { stack: stack, seed: [seed.sql] }',
  '---',
  '# Shop',
  '## Step 1: Sell',
  ...['```sql { name=sell }', 'INSERT INTO orders VALUES (1);', '```', ''],
  ...['```sql { name=count }', 'SELECT count(*) AS orders FROM orders;', '```', ''],
  ...['**Example output:** orders is 4', ''],
  ...['```sh { name=dump on=local }', 'pg_dump -Fc "$DATABASE_URL" > a.dump', '```'],
];

async function shop() {
  const directory = await runbookDirectory(page);
  await writeFile(
    join(directory, 'seed.sql'),
    'CREATE TABLE orders (id int); INSERT INTO orders VALUES (1), (2), (3);',
  );
  const rehearse = (...words: string[]) => runbook(directory, 'rehearse', '--replica', 'embedded', ...words);
  const runs = () => runDirectories(join(directory, '.runbook'));
  return { directory, at: (name: string) => join(directory, name), rehearse, runs };
}

it('a replica holds a dump instead of the seed: examples are not judged, and times are predicted by it', {
  timeout: 240_000,
}, async () => {
  const { directory, at, rehearse, runs } = await shop();
  expect(await rehearse()).toMatchObject({ exitCode: 0, stderr: '' });
  const dump = await readFile(at('a.dump'));
  await writeFile(at(HOSTILE), dump);

  const restored = await rehearse('--data', `./${HOSTILE}`);
  expect(restored).toMatchObject({ exitCode: 0, stderr: '' });
  expect(restored.stdout).toMatch(/\.dump restored and every service up in [\d.]+ s/);
  expect(restored.stdout).toContain('– orders is 4: not judged, it speaks of the seeded data');
  const report = foldReport(await readJournal((await runs()).at(-1) ?? ''));
  expect(report.data).toBe(HOSTILE);
  expect(Object.keys(report.phases)).toEqual(['start', 'restore', 'stop']);
  expect(report.blocks[1]?.stdout).toMatch(/^ *5$/m);

  // The newest rehearsal is of seeded data; the times are those of the dump all the same.
  expect(await rehearse()).toMatchObject({ exitCode: 0 });
  const planned = await runbook(directory, 'plan');
  expect(planned.stdout).toContain(`as in the rehearsal ${report.id}, on data of `);

  const count = (await runs()).length;
  const changed = (from: string, to: string) =>
    Buffer.from(dump.toString('latin1').replace(from, to), 'latin1');
  await writeFile(at('foreign.dump'), changed('shop', 'shap'));
  await writeFile(at('old.dump'), changed('14.', '13.'));
  await writeFile(at('cut.dump'), dump.subarray(0, dump.length - 40));
  const beforeAnything = [
    [['foreign.dump'], 'foreign.dump is a dump of the database shap, and the runbook’s is shop'],
    [
      ['./runbook.md'],
      './runbook.md is no dump of pg_dump’s custom format: make one with `pg_dump -Fc shop > …`',
    ],
    [['no.dump'], "no.dump cannot be read: ENOENT: no such file or directory, open 'no.dump'"],
    [
      ['.'],
      '--data . is neither small nor medium nor large, nor a dump: its path has a slash, or ends in .dump',
    ],
  ] as const;
  for (const [[data], stderr] of beforeAnything)
    expect(await rehearse('--data', data)).toEqual({ exitCode: 2, stdout: '', stderr });
  const old = await rehearse('--data', 'old.dump');
  expect(old.stderr).toMatch(/^old\.dump is of PostgreSQL 13, and the replica’s server is 14: /);
  const cut = await rehearse('--data', 'cut.dump');
  expect(cut.stderr).toMatch(/^cut\.dump is damaged or cut off: pg_restore: error: /);
  expect([old.exitCode, cut.exitCode]).toEqual([3, 3]);
  expect(await runs()).toHaveLength(count);
});
