import { tmpdir } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { runbook, runbookDirectory } from '../support/shop.ts';

const sql = (name: string, text: string) => [
  '```sql { name=%n }'.replace('%n', name),
  text,
  '```',
  '',
  // What defines something returns no rows, so nothing could be expected of them that might be false.
  ...(text.startsWith('SELECT') ? ['**Expected output:** at most 1 row', ''] : []),
];

const frontMatter = (order: string) => [
  '---',
  'database: { service: postgres, user: shop, name: shop }',
  `replica: { stack: stack, order: [${order}] }`,
  '---',
];

const body = [
  '# Shop',
  '## Step 1: Open',
  ...sql('open', 'CREATE TABLE orders (id int);'),
  '## Step 2: Look',
  ...sql('look', 'SELECT * FROM orders;'),
  ...sql('look-closer', 'SELECT id FROM orders;'),
  '## Going back',
  ...sql('close', 'ALTER TABLE orders RENAME TO closed;'),
  ...sql('verify-closed', 'SELECT * FROM closed;'),
];

const shop = () => runbookDirectory([...frontMatter('main, going-back'), ...body]);

/** The blocks that a plan names, or that a rehearsal passed, in order. */
const blocksOf = (stdout: string) =>
  [...stdout.matchAll(/^(?:\S+ \[\d+\/\d+\] ✓ ([\w-]+) \(| {2}([\w-]+): line )/gm)].map(
    ([, ran, planned]) => ran ?? planned,
  );

it.each([
  ['step-2', ['open', 'look', 'look-closer'], 'main up to it (1 block)'],
  ['look-closer', ['open', 'look', 'look-closer'], 'main up to it (2 blocks)'],
  ['going-back', ['open', 'look', 'look-closer', 'close', 'verify-closed'], 'main (3 blocks)'],
  [
    'verify-closed',
    ['open', 'look', 'look-closer', 'close', 'verify-closed'],
    'main, then going-back up to it (4 blocks)',
  ],
])(
  '%s is planned and rehearsed with what it needs, and both say so',
  { timeout: 240_000 },
  async (procedure, blocks, what) => {
    const directory = await shop();
    const needs = `${procedure} needs what comes before it, which runs first: ${what}\n`;
    const planned = await runbook(directory, 'plan', procedure);
    expect(planned).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(needs) });
    expect(blocksOf(planned.stdout)).toEqual(blocks);
    const rehearsed = await runbook(directory, 'rehearse', procedure, '--replica', 'embedded');
    expect(rehearsed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(needs) });
    expect(blocksOf(rehearsed.stdout)).toEqual(blocks);
  },
);

it('main is planned without more, and so is its beginning', async () => {
  const directory = await shop();
  expect((await runbook(directory, 'plan')).stdout).not.toContain('needs');
  expect((await runbook(directory, 'plan', 'open')).stdout).not.toContain('needs');
});

it('a procedure and --all at once are refused', async () => {
  expect(await runbook(await shop(), 'rehearse', 'step-2', '--all')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: '--all rehearses every procedure, `step-2` too: leave one of them out',
  });
});

it('--all is refused where its order leaves a block out', async () => {
  const directory = await runbookDirectory([...frontMatter('main'), ...body]);
  const remedy = 'add `going-back` to replica.order in the front matter [order]';
  expect(await runbook(directory, 'rehearse', '--all')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: [
      `runbook.md:25:1: no rehearsal runs \`close\`; ${remedy}`,
      `runbook.md:29:1: no rehearsal runs \`verify-closed\`; ${remedy}`,
    ].join('\n'),
  });
});

/** The arguments of a rehearsal on a replica of this machine. */
const REHEARSE = ['rehearse', '--replica', 'embedded'];
const golden = (name: string, directory: string, ended: Awaited<ReturnType<typeof runbook>>) =>
  expectGolden(`golden/${name}.txt`, ended, { here: directory, tmp: tmpdir() });

it('all that a rehearsal prints, which passes or fails', async () => {
  const passes = await shop();
  await golden('rehearse-passed', passes, await runbook(passes, ...REHEARSE));
  const fails = await runbookDirectory([
    ...frontMatter('main'),
    ...body,
    '## Care',
    ...sql('tidy', 'SELECT 1 UNION SELECT 2;'),
  ]);
  await golden('rehearse-failed', fails, await runbook(fails, ...REHEARSE, 'tidy'));
});

it('all that is printed of a replica that is kept, until it is down', async () => {
  const directory = await shop();
  const kept = await runbook(directory, ...REHEARSE, '--keep');
  const id = /down (runbook-[0-9a-f]{8})$/m.exec(kept.stdout)?.[1] ?? '';
  onTestFinished(async () => void (await runbook(directory, 'down', id)));
  await golden('rehearse-kept', directory, kept);
  await golden('rehearse-on-kept', directory, await runbook(directory, 'rehearse', 'look', '--on', id));
  await golden('down-kept-listed', directory, await runbook(directory, 'down'));
  await golden('down-kept', directory, await runbook(directory, 'down', id));
  await golden('rehearse-on-gone', directory, await runbook(directory, 'rehearse', 'look', '--on', id));
});
