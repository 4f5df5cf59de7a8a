import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ReplicaKind } from '../../tools/replica/replica.ts';
import type { RunReport } from '../../tools/report/report.ts';
import { describeWithDocker } from '../support/requires.ts';
import { postgresStack } from '../support/shop.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

const RUNBOOK = `---
database: { service: postgres, user: crosshot, name: crosshot }
replica: { stack: stack, ports: [WEB_PORT], variables: { WEB: "http://127.0.0.1:{WEB_PORT}" } }
---

# Shop

## Step 1: Make

\`\`\`sh { name=name on=local }
export MADE=made
\`\`\`

\`\`\`sql { name=make on=postgres }
-- The table
CREATE TABLE made AS SELECT 1 AS one;
\`\`\`

## Look

\`\`\`sql { name=one on=postgres }
-- The table
SELECT one FROM made;
\`\`\`

**Example output:**

- one is 1

\`\`\`sh { name=tell on=nas }
echo "$MADE $WEB $COMPOSE_PROJECT_NAME"
\`\`\`

**Expected output:** prints "made http://127.0.0.1:"
`;

/** A runbook beside a stack, and the tool at work on it. */
async function shop(kind: ReplicaKind) {
  const directory = await temporaryDirectory();
  const stack = join(directory, 'stack');
  if (kind === 'embedded')
    await cp(join(import.meta.dirname, '../compose/stack'), stack, { recursive: true });
  else await mkdir(stack);
  if (kind === 'docker') await writeFile(join(stack, 'compose.yaml'), postgresStack('crosshot').join('\n'));
  await writeFile(join(directory, 'runbook.md'), RUNBOOK);
  const tool = async (...words: string[]) => {
    const { exitCode, stdout, stderr } = await startTool([
      '--runbook',
      join(directory, 'runbook.md'),
      ...words,
    ]);
    return { exitCode, stdout, stderr };
  };
  return { directory, tool };
}

/** Its rehearsal with --keep: what it said. The replica goes with the test. */
async function keptShop(kind: ReplicaKind) {
  const { directory, tool } = await shop(kind);
  const { exitCode, stdout, stderr } = await tool('rehearse', '--replica', kind, '--keep');
  expect(`${stderr}${exitCode}`).toBe('0');
  const id = /down (runbook-[0-9a-f]{8})$/m.exec(stdout)?.[1] as string;
  onTestFinished(async () => void (await tool('down', id)));
  return { directory, tool, id, stdout };
}

const lastReport = async (directory: string) =>
  JSON.parse(await readFile(join(directory, '.runbook/last/report.json'), 'utf8')) as RunReport;

async function canBeUsed(kind: ReplicaKind): Promise<void> {
  const { directory, tool, id, stdout } = await keptShop(kind);
  const psql = /^ *look into its database with: (.+)$/m.exec(stdout)?.[1] as string;
  // A person has a terminal.
  const pasted = `${psql.replace(' exec ', ' exec -T ')} -Atc 'SHOW runbook.replica'`;
  expect((await execa('bash', ['-c', pasted], { cwd: '/' })).stdout).toBe(id);

  const again = await tool('rehearse', 'look', '--on', id);
  expect(`${again.stderr}${again.exitCode}`).toBe('0');
  const report = await lastReport(directory);
  expect(report.target).toMatchObject({ name: id, kind });
  expect(report.phases).toEqual({});
  expect(report.blocks.map(({ name, status }) => [name, status])).toEqual([
    ['one', 'passed'],
    ['tell', 'passed'],
  ]);
  expect(report.blocks[0]?.expectations).toMatchObject([{ text: 'one is 1', status: 'passed' }]);
  expect(report.blocks[1]?.stdout).toMatch(new RegExp(`^made http://127.0.0.1:\\d+ ${id}\n$`));

  // It is still there, as it was left: so a step that was done cannot be done again.
  const step = await tool('rehearse', 'make', '--on', id);
  expect(step.exitCode).toBe(1);
  expect((await lastReport(directory)).blocks[0]?.why?.message).toContain('relation "made" already exists');

  expect((await tool('down', id)).exitCode).toBe(0);
  expect(existsSync(join(directory, '.runbook/replicas', kind === 'docker' ? 'docker' : '', id))).toBe(false);
  const gone = await tool('rehearse', 'look', '--on', id);
  expect(gone.exitCode).toBe(2);
  expect(gone.stderr).toBe(`no replica ${id} was kept: \`rehearse --keep\` leaves one`);
}

describe('a replica that is kept', () => {
  it('tells how to reach it, and takes blocks as it is', () => canBeUsed('embedded'), 240_000);

  it('answers where its services publish a port, and is named where another is asked for', async () => {
    const { id, stdout, tool } = await keptShop('embedded');
    const url = /^ *WEB_PORT: (http:\S+)$/m.exec(stdout)?.[1] as string;
    expect(await (await fetch(url)).text()).toBe('hello\n');
    const other = await tool('rehearse', 'look', '--on', 'runbook-00000000');
    expect([other.exitCode, other.stdout]).toEqual([2, '']);
    expect(other.stderr).toBe(`no replica runbook-00000000 was kept: there is ${id}`);
  });

  it('is taken as it is: what would make another is refused', async () => {
    const { tool } = await shop('embedded');
    for (const more of [['--keep'], ['--data', 'large'], ['--replica', 'docker'], ['--all']]) {
      const { exitCode, stderr } = await tool('rehearse', '--on', 'runbook-00000000', ...more);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining("cannot be used with option '--")]);
    }
  });
});

describeWithDocker('a Docker replica that is kept', () => {
  it('tells how to reach it, and takes blocks as it is', () => canBeUsed('docker'), 300_000);
});
