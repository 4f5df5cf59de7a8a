import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRunning, markProcess, type ProcessMark } from '../../tools/compose/index.ts';
import type { ReplicaKind } from '../../tools/replica/replica.ts';
import { describeWithDocker } from '../support/requires.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const COMPOSE = `
services:
  postgres:
    image: postgres:14
    command: [postgres, -c, "runbook.replica=\${COMPOSE_PROJECT_NAME}"]
    environment: { POSTGRES_USER: shop, POSTGRES_DB: shop, POSTGRES_HOST_AUTH_METHOD: trust }
    healthcheck: { test: pg_isready -h 127.0.0.1 -U shop -d shop, interval: 1s, start_period: 60s }
`;

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
echo "$$ $BASHPID $!" > "$PROCESSES.draft"
mv "$PROCESSES.draft" "$PROCESSES"
wait
\`\`\`
`;

const until = async (test: () => boolean) => {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** A rehearsal that is killed while a quiet block runs: the block's shells and their child, all of which run. */
async function killedRehearsal(kind: ReplicaKind, where: string) {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'stack'));
  await writeFile(join(directory, 'stack/compose.yaml'), COMPOSE);
  await writeFile(join(directory, 'runbook.md'), RUNBOOK.replace('WHERE', where));
  const file = join(directory, 'processes');
  const words = ['tools/cli.ts', '--runbook', join(directory, 'runbook.md'), 'rehearse', '--replica', kind];
  const rehearse = (procedure: string) =>
    execa(process.execPath, ['--import', 'tsx', ...words, procedure], {
      env: { PROCESSES: file },
      reject: false,
    });
  const tool = rehearse('wait');
  const ended = tool.then(({ all, stdout, stderr }) =>
    Promise.reject(new Error(`${all ?? stdout}${stderr}`)),
  );
  await Promise.race([until(() => existsSync(file)), ended]);
  ended.catch(() => undefined);
  const pids = (await readFile(file, 'utf8')).trim().split(' ').map(Number);
  const processes = pids.map((pid) => markProcess(pid) as ProcessMark);
  onTestFinished(() => {
    for (const { pid } of processes.filter(isRunning)) process.kill(pid, 'SIGKILL');
  });
  expect(processes.map(isRunning)).toEqual([true, true, true]);
  tool.kill('SIGKILL');
  await tool;
  return { processes, rehearseAgain: () => rehearse('look') };
}

describe('a rehearsal killed during a quiet block', () => {
  it.each(['local', 'nas'])(
    'takes the block on=%s with it',
    async (where) => {
      const { processes } = await killedRehearsal('embedded', where);
      await until(() => !processes.some(isRunning));
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
  }, 240_000);
});
