import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll } from 'vitest';
import { createEmbeddedReplica, type EmbeddedReplica } from '../../tools/replica/embedded.ts';

const STACK = fileURLToPath(new URL('stack', import.meta.url));

/** A home for replicas that a spec has to itself. */
export const makeHome = () => mkdtemp(join(tmpdir(), 'replica-spec-'));

export const recipeFor = (home: string) => ({
  stack: STACK,
  ports: ['WEB_PORT'],
  database: { service: 'postgres', user: 'crosshot', name: 'crosshot' },
  home,
});

/** A shell on the replica's host, in its project directory; never throws for an exit status. */
export async function run(replica: EmbeddedReplica, script: string, input = '') {
  const { stdout, stderr, exitCode } = await execa('bash', ['-c', script], {
    cwd: replica.directory,
    env: replica.environment,
    input,
    reject: false,
  });
  return { stdout, stderr, exitCode };
}

/** A replica in a home of its own, and what removes both. */
export async function makeReplica(): Promise<{ replica: EmbeddedReplica; remove(): Promise<void> }> {
  const home = await makeHome();
  const replica = await createEmbeddedReplica(recipeFor(home));
  return {
    replica,
    async remove() {
      await replica.down();
      await rm(home, { recursive: true });
    },
  };
}

/** A replica that is up while the tests of the calling spec run, and a shell on its host. */
export function runningReplica() {
  let made: Awaited<ReturnType<typeof makeReplica>>;
  beforeAll(async () => {
    made = await makeReplica();
    await made.replica.up();
  });
  afterAll(() => made.remove());
  return {
    get replica() {
      return made.replica;
    },
    run: (script: string, input?: string) => run(made.replica, script, input),
  };
}
