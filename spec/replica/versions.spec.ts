import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { runbook, runbookDirectory } from '../support/shop.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

const PAGE = [
  ...['---', 'database: postgres:16', '---', '# Version', '', '## Step 1: Look', ''],
  ...[
    '```sql { name=look }',
    "SELECT current_setting('server_version_num')::int / 10000 AS major;",
    '```',
    '',
  ],
  '**Expected output:** major is 16',
];

it('doctor fetches the version that a page names, whole and once, and a rehearsal takes it', {
  timeout: 300_000,
}, async () => {
  const directory = await runbookDirectory(PAGE);
  const cache = await temporaryDirectory();
  const tool = (...words: string[]) =>
    startTool(words, { directory, environment: { XDG_CACHE_HOME: cache } });
  const before = await tool('rehearse', '--replica', 'embedded');
  expect(before.stdout.split('\n')[1]).toMatch(
    /^ {2}postgres:16 is stood in for by PostgreSQL 14\.\d+: `npm run -s runbook -- doctor --install --postgres 16`/,
  );
  expect(before.exitCode).toBe(1);
  expect((await tool('doctor')).stdout).toMatch(
    /✗ PostgreSQL 16 +not fetched; without it: no embedded replica/,
  );
  const fetched = await tool('doctor', '--install');
  expect(fetched.stdout).toMatch(/✓ PostgreSQL 16 +16\.\d+/);
  // Beside the clusters that the rehearsals before have kept.
  const names = (await readdir(`${cache}/testable-runbook`)).filter((name) => name !== 'clusters');
  expect(names).toEqual(['postgres-16']);
  const after = await tool('rehearse', '--replica', 'embedded');
  expect({ stdout: after.stdout, exitCode: after.exitCode }).toMatchObject({ exitCode: 0 });
  // Another one, for once: it vouches for nothing.
  const other = await tool('rehearse', '--replica', 'embedded', '--postgres', '14');
  expect(other.stdout).toContain('14');
  expect(other.exitCode).toBe(1);
});

it.each([
  ['seven', 'It is no major version: write 16.'],
  ['../16', 'It is no major version: write 16.'],
])('--postgres %s is refused', async (major, said) => {
  const directory = await runbookDirectory(PAGE);
  const { exitCode, stderr } = await runbook(directory, 'rehearse', '--postgres', major);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(said);
});
