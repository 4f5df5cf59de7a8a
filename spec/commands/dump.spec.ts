import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readJournal, runDirectories } from '../../tools/journal/journal.ts';
import type { ReplicaKind } from '../../tools/replica/replica.ts';
import { foldReport } from '../../tools/report/report.ts';
import { describeWithDocker } from '../support/requires.ts';
import { runbook, runbookDirectory } from '../support/shop.ts';

const TIMES = { timeout: 480_000 };

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

async function shop(replica: ReplicaKind) {
  const directory = await runbookDirectory(page);
  await writeFile(
    join(directory, 'seed.sql'),
    'CREATE TABLE orders (id int); INSERT INTO orders VALUES (1), (2), (3);',
  );
  const rehearse = (...words: string[]) => runbook(directory, 'rehearse', '--replica', replica, ...words);
  const runs = () => runDirectories(join(directory, '.runbook'));
  return { directory, at: (name: string) => join(directory, name), rehearse, runs };
}

it(
  'a replica holds a dump instead of the seed: examples are not judged, and times are predicted by it',
  TIMES,
  async () => {
    const { directory, rehearse, runs, at, report } = await restored('embedded');
    // The newest rehearsal is of seeded data; the times are those of the dump all the same.
    expect(await rehearse()).toMatchObject({ exitCode: 0 });
    const planned = await runbook(directory, 'plan');
    expect(planned.stdout).toContain(`as in the rehearsal ${report.id}, on data of `);

    const count = (await runs()).length;
    const dump = await readFile(at('a.dump'));
    await writeFile(at('cut.dump'), dump.subarray(0, dump.length - 40));
    const beforeAnything = [
      ['cut.dump', /^cut\.dump is damaged or cut off: pg_restore: error: [^\n]*$/],
      ['no.dump', /^no\.dump cannot be read: ENOENT: no such file or directory, open 'no\.dump'$/],
      [
        '.',
        /^--data \. is neither small nor medium nor large, nor a dump: its path has a slash, or ends in \.dump$/,
      ],
    ] as const;
    for (const [data, stderr] of beforeAnything)
      expect(await rehearse('--data', data)).toEqual({
        ...{ exitCode: 2, stdout: '', stderr: expect.stringMatching(stderr) },
      });
    expect(await runs()).toHaveLength(count);
  },
);

describeWithDocker('a Docker replica', () => {
  it('holds a dump instead of the seed as well', TIMES, () => restored('docker'));
});

/** Rehearses on the seed, and then on the dump that the first rehearsal made. */
async function restored(replica: ReplicaKind) {
  const { at, rehearse, runs, ...rest } = await shop(replica);
  expect(await rehearse()).toMatchObject({ exitCode: 0, stderr: '' });
  await writeFile(at(HOSTILE), await readFile(at('a.dump')));
  const { stdout, ...ended } = await rehearse('--data', `./${HOSTILE}`);
  expect(ended).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/\.dump restored and every service up in [\d.]+ s/);
  expect(stdout).toContain('– orders is 4: not judged, it speaks of the seeded data');
  const report = foldReport(await readJournal((await runs()).at(-1) ?? ''));
  expect(report.data).toBe(HOSTILE);
  expect(Object.keys(report.phases)).toEqual(['start', 'restore', 'stop']);
  expect(report.blocks[1]?.stdout).toMatch(/^ *5$/m);
  return { ...rest, at, rehearse, runs, report };
}
