import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readJournal, runDirectories } from '../../tools/journal/journal.ts';
import { foldReport } from '../../tools/report/report.ts';
import { type ContainerHost, makeContainerHost } from '../support/container-host.ts';
import { describeWith } from '../support/requires.ts';

const PATIENTLY = { timeout: 120_000, interval: 100 };

const sh = (name: string, text: string, attributes = '') => [
  `\`\`\`sh { name=${name} on=nas ${attributes} }`,
  text,
  '```',
  '',
];

/** It says in the ledger that it begins and that it has ended, and lasts until a file `go` is there. */
const STEP = [
  ...sh('before', 'echo before >>ledger'),
  ...sh('change', 'echo begin >>ledger\nuntil [ -e go ]; do sleep 0.1; done\necho end >>ledger', 'done=look'),
  ...sh('look', 'cat ledger', 'effect=reads'),
  ...['**Expected output:** prints "end"', ''],
  ...sh('after', 'echo after >>ledger'),
];

describeWith(['docker', 'ssh'], 'a host that goes down in the middle of a block that writes', () => {
  let host: ContainerHost;
  beforeAll(async () => {
    host = await makeContainerHost();
    await host.write(['## Step 1: Go', '', ...STEP]);
  });
  afterAll(() => host?.close());

  const ledger = async () => (await host.bash('cat ledger 2>/dev/null || :')).split('\n').filter(Boolean);
  const states = async () => {
    const directory = (await runDirectories(join(host.here, '.runbook'))).at(-1) ?? '';
    return foldReport(await readJournal(directory)).blocks.map(({ status, why }) => why?.message ?? status);
  };
  const AFTERWARDS = [
    'passed',
    expect.stringMatching(
      /^owner@127.0.0.1 went down while it ran: there is neither a process of it nor its exit status/,
    ),
    ...Array(2).fill('how an earlier block ended is unknown'),
  ];

  it('has the block’s end unknown, until its probe or the person says, and runs nothing twice', async () => {
    const killed = host.run();
    await expect.poll(ledger, PATIENTLY).toEqual(['before', 'begin']);
    killed.kill('SIGKILL');
    await killed;
    await host.restart();
    expect(await host.run('--resume')).toMatchObject({ exitCode: 3 });
    expect(await states()).toEqual(AFTERWARDS);
    expect(await ledger()).toEqual(['before', 'begin']);

    const watching = host.run('--resume');
    await expect.poll(ledger, PATIENTLY).toEqual(['before', 'begin', 'begin']);
    await host.restart();
    const { exitCode, stdout } = await watching;
    expect(exitCode).toBe(3);
    expect(stdout).toContain('? look-probe: change is not done');
    expect(await states()).toEqual(AFTERWARDS);

    await host.bash('echo end >>ledger');
    expect(await host.run('--resume', '--done', 'change')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await ledger()).toEqual(['before', 'begin', 'begin', 'end', 'after']);
  });
});
