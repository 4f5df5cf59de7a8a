import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../tools/compose/find-program.ts';
import type { EmbeddedReplica } from '../../tools/replica/embedded.ts';
import { makeReplica, run } from './host.ts';

const INSTALL = '`npm run -s runbook -- doctor --install` installs it';
const path = process.env.PATH as string;
let bare: string;
let replica: EmbeddedReplica;
let remove: () => Promise<void>;

beforeAll(async () => {
  bare = await mkdtemp(join(tmpdir(), 'bare-path-'));
  for (const name of ['bash', 'sh', 'cat', 'node'])
    await symlink(findProgram(name, path) as string, join(bare, name));
  process.env.PATH = bare;
  ({ replica, remove } = await makeReplica());
});

afterAll(async () => {
  process.env.PATH = path;
  await remove();
  await rm(bare, { recursive: true });
});

describe('on a machine with little more than Node', () => {
  it('says which program a service needs, and how to install it', async () => {
    await expect(replica.up(['redis'])).rejects.toThrow(
      `redis-server is not installed on this machine: ${INSTALL}`,
    );
  });

  it('says the same where a block calls it', async () => {
    await replica.up(['sleeper']);
    const called = await run(replica, 'docker compose exec -T sleeper redis-cli ping');
    expect(called).toMatchObject({ stdout: '', exitCode: 127 });
    expect(called.stderr).toContain('redis-cli is not installed on this machine');
  });
});
