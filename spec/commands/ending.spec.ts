import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const CARELESS = fileURLToPath(new URL('careless.ts', import.meta.url));

const careless = (command: string) =>
  execa(process.execPath, ['--import', 'tsx', CARELESS, command], { reject: false });

describe('the process ends with the status of its command', () => {
  it('also where the command waits for what keeps no process', async () => {
    expect(await careless('waits')).toMatchObject({ exitCode: 1, stderr: '' });
  });

  it.each(['throws', 'exits'])('and where it %s, it says that it could not run', async (command) => {
    const { exitCode, stderr } = await careless(command);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('the runbook’s tool ended before its command did');
  });
});
