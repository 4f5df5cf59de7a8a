import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { printed } from '../support/awaiting.ts';
import { expectGolden } from '../support/golden.ts';
import { runbook, runbookDirectory } from '../support/shop.ts';
import { toolArguments } from '../support/tool.ts';
import { atTerminal } from './terminal.ts';

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

it.each<[string[], string]>([
  [['--step'], '--step asks before each block, and there is no terminal to ask at: leave it out'],
  [['--from', 'opn'], '--from opn: it is no block of main: did you mean `open`?'],
  [['--only', 'look', 'close'], '--only close: it is no block of main: there are open, look, look-closer'],
  [['--only', 'look', '--all'], "error: option '--only <block...>' cannot be used with option '--all'"],
  [['--from', 'look', '--watch'], "error: option '--from <block>' cannot be used with option '--watch'"],
  [['--until', 'look', '--update'], "error: option '--until <block>' cannot be used with option '--update'"],
])('what cannot be rehearsed in parts is refused before anything starts: %j', async (words, stderr) => {
  expect(await runbook(await shop(), 'rehearse', ...words)).toEqual({ exitCode: 2, stdout: '', stderr });
});

it.each([
  ['s', 3, 'aborted: look was not allowed'],
  ['q', 130, 'aborted: interrupted'],
])(
  '--step asks before each block, and %s leaves out the rest',
  { timeout: 120_000 },
  async (key, status, end) => {
    const directory = await shop();
    const words = ['--runbook', join(directory, 'runbook.md'), 'rehearse', '--replica', 'embedded', '--step'];
    const terminal = atTerminal([process.execPath, ...toolArguments(...words)], { NO_COLOR: '1' });
    const second = printed(terminal.stdout, 'Run look (');
    await printed(terminal.stdout, 'Run open (');
    terminal.stdin.write('y');
    await second;
    terminal.stdin.write(key);
    const { exitCode, stdout } = await terminal;
    expect(stdout).toContain('[1/3] ✓ open');
    expect(stdout).toContain('not run, as the run was aborted: 2 blocks, look, look-closer');
    expect(stdout).toContain(end);
    expect(exitCode).toBe(status);
  },
);

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
  const part = ['rehearse', '--from', 'look-closer', '--verbose', '--on', id];
  await golden('rehearse-part', directory, await runbook(directory, ...part));
  await golden('down-kept-listed', directory, await runbook(directory, 'down'));
  await golden('down-kept', directory, await runbook(directory, 'down', id));
  await golden('rehearse-on-gone', directory, await runbook(directory, 'rehearse', 'look', '--on', id));
});
