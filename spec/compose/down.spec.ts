import { readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typescriptArguments } from '../../tools/compose/node-runtime.ts';
import { makeHome } from './host.ts';

let home: string;

beforeAll(async () => {
  home = await makeHome();
});

afterAll(() => rm(home, { recursive: true, force: true }));

const DOWN = fileURLToPath(new URL('down.ts', import.meta.url));
const SLOW_END = fileURLToPath(new URL('slow-end.mjs', import.meta.url));

/** A process that does nothing but make replicas and take them down: how it ended, and what it said last. */
async function downs(times: number, environment: Record<string, string> = {}) {
  const argv = [...(await typescriptArguments()), DOWN, home, String(times)];
  const { exitCode, stdout } = await execa(process.execPath, argv, { env: environment, reject: false });
  return { exitCode, stdout };
}

describe('down', () => {
  it('waits for the end of the replica, and the process that waits lives so long', async () => {
    expect(await downs(5)).toEqual({ exitCode: 0, stdout: 'all are down' });
    expect(await readdir(home)).toEqual([]);
  });

  it('also where the end takes a while', async () => {
    const slow = await downs(1, { NODE_OPTIONS: `--import=${SLOW_END}` });
    expect(slow).toEqual({ exitCode: 0, stdout: 'all are down' });
  });
});
