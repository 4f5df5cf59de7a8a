import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRunning, markProcess, type ProcessMark } from '../../tools/compose/index.ts';
import type { ReplicaKind } from '../../tools/replica/replica.ts';
import { quote } from '../../tools/text/quote.ts';
import { appears } from '../support/awaiting.ts';
import { describeWithDocker } from '../support/requires.ts';
import { runbookDirectory } from '../support/shop.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

/** Its second block prints nothing, for as long as anybody waits. */
const RUNBOOK = `---
database: { service: postgres, user: shop, name: shop }
replica: { stack: stack }
---

# Shop

## Step 1: Look

\`\`\`sh { name=look on=local }
true
\`\`\`

## Wait

\`\`\`sh { name=wait on=WHERE timeout=1h }
sleep 1000 &
echo "$$ $BASHPID $!" > PROCESSES.draft
mv PROCESSES.draft PROCESSES
wait
\`\`\`
`;

const until = async (test: () => boolean) => {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** A rehearsal that is killed while a quiet block runs: the block's shells and their child, all of which run. */
async function killedRehearsal(kind: ReplicaKind, where: string) {
  const file = join(await temporaryDirectory(), 'processes');
  const directory = await runbookDirectory([
    RUNBOOK.replace('WHERE', where).replaceAll('PROCESSES', quote(file)),
  ]);
  const home = join(directory, 'home');
  await mkdir(home);
  const words = ['--runbook', join(directory, 'runbook.md'), 'rehearse', '--replica', kind];
  const rehearse = (procedure: string) =>
    startTool([...words, procedure], { environment: { HOME: home, XDG_STATE_HOME: '' } });
  const tool = rehearse('wait');
  await appears(file, tool);
  const pids = (await readFile(file, 'utf8')).trim().split(' ').map(Number);
  const processes = pids.map((pid) => markProcess(pid) as ProcessMark);
  onTestFinished(() => {
    for (const { pid } of processes.filter(isRunning)) process.kill(pid, 'SIGKILL');
  });
  expect(processes.map(isRunning)).toEqual([true, true, true]);
  tool.kill('SIGKILL');
  await tool;
  // What it keeps of its blocks is the replica's, and goes with it: the person's own state directory is left alone.
  expect(existsSync(join(home, '.local', 'state'))).toBe(false);
  const replicas = join(directory, '.runbook/replicas');
  return { processes, replicas, rehearseAgain: () => rehearse('look') };
}

describe('a rehearsal killed during a quiet block', () => {
  it.each(['local', 'nas', 'postgres'])(
    'takes the block on=%s with it',
    async (where) => {
      const { processes, replicas } = await killedRehearsal('embedded', where);
      await until(() => !processes.some(isRunning));
      // The engine has still to remove it, and then itself.
      await until(() => readdirSync(replicas).length === 0);
    },
    120_000,
  );
});

describeWithDocker('a Docker rehearsal killed during a quiet block', () => {
  it('leaves the block to the next rehearsal, which ends it', async () => {
    const { processes, rehearseAgain } = await killedRehearsal('docker', 'local');
    expect(processes.map(isRunning)).toEqual([true, true, true]);
    const { exitCode, stdout } = await rehearseAgain();
    expect(stdout).toContain('which an earlier rehearsal left');
    expect(exitCode).toBe(0);
    expect(processes.map(isRunning)).toEqual([false, false, false]);
  });
});
