import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typescriptArguments } from '../../tools/compose/node-runtime.ts';
import { isRunning, type ProcessMark } from '../../tools/compose/processes.ts';
import { removeReplica, sweepReplicas } from '../../tools/compose/sweep.ts';
import { createEmbeddedReplica } from '../../tools/replica/embedded.ts';
import { makeHome, recipeFor, run } from './host.ts';

let home: string;

beforeAll(async () => {
  home = await makeHome();
});

afterAll(() => rm(home, { recursive: true, force: true }));

const OWNER = fileURLToPath(new URL('owner.ts', import.meta.url));

/** A process that makes a replica, starts it, and then waits for its death. */
async function startOwner(...words: string[]) {
  const owner = execa(process.execPath, [...(await typescriptArguments()), OWNER, home, ...words], {
    reject: false,
    detached: true,
  });
  const directory = await new Promise<string>((resolve, reject) => {
    owner.stdout.once('data', (line) => resolve(String(line).trim()));
    owner.once('exit', async () => reject(new Error((await owner).stderr)));
  });
  return { owner, directory, kill: () => process.kill(-(owner.pid as number), 'SIGKILL') };
}

interface Engine {
  engine: ProcessMark;
  processes: ProcessMark[];
}

const engineOf = async (directory: string) =>
  JSON.parse(await readFile(join(directory, 'engine.json'), 'utf8')) as Engine;

async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Sockets, directory and processes: nothing of the replica is left. */
function expectNothingLeft(directory: string, { engine, processes }: Engine): void {
  expect(processes.length).toBeGreaterThan(1);
  expect([engine, ...processes].filter(isRunning)).toEqual([]);
  expect(existsSync(directory)).toBe(false);
  expect(existsSync(join(tmpdir(), directory.split('/').at(-1) as string))).toBe(false);
}

describe('a killed owner', () => {
  it('takes the replica with it', async () => {
    const { directory, kill } = await startOwner();
    const engine = await engineOf(directory);
    kill();
    await until(() => !isRunning(engine.engine));
    expectNothingLeft(directory, engine);
  });

  it('and a killed engine leave a replica that the next sweep removes, however many sweep', async () => {
    const { directory, kill } = await startOwner();
    const engine = await engineOf(directory);
    process.kill(engine.engine.pid, 'SIGKILL');
    kill();
    await until(() => !isRunning(engine.engine));
    expect(engine.processes.filter(isRunning)).not.toEqual([]);
    const said: string[] = [];
    await until(() => !existsSync(`/proc/${engine.engine.pid}`));
    await Promise.all([1, 2, 3].map(() => sweepReplicas(home, (line) => said.push(line))));
    expectNothingLeft(directory, engine);
    expect(said).toEqual([
      expect.stringMatching(/^removed runbook-[0-9a-f]{8}, which a killed rehearsal had left$/),
    ]);
  });

  it('leaves a replica that was to be kept, until it is removed', async () => {
    const { directory, kill } = await startOwner('keep');
    const engine = await engineOf(directory);
    kill();
    await sweepReplicas(home);
    expect(engine.processes.filter(isRunning)).toEqual(engine.processes);
    await removeReplica(directory);
    expectNothingLeft(directory, engine);
    await removeReplica(directory);
  });
});

describe('two replicas at once', () => {
  it('do not meet, and a sweep leaves both alone', async () => {
    const replicas = await Promise.all([1, 2].map(() => createEmbeddedReplica(recipeFor(home))));
    await Promise.all(replicas.map((each) => each.up(['redis'])));
    await sweepReplicas(home);
    const [first, second] = replicas as [(typeof replicas)[0], (typeof replicas)[0]];
    expect(first.ports.WEB_PORT).not.toBe(second.ports.WEB_PORT);
    await run(first, 'docker compose exec -T redis redis-cli set whose first');
    expect((await run(second, 'docker compose exec -T redis redis-cli get whose')).stdout).toBe('');
    await first.down();
    expect((await run(second, 'docker compose exec -T redis redis-cli ping')).stdout).toBe('PONG');
    await second.down();
    await second.down();
    expect(await readdir(home)).toEqual([]);
  });
});
