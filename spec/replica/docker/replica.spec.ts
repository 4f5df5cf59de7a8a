import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { describeWithDocker } from '../../support/requires.ts';
import { REDIS, recipeFor, replicaFor, thingsOf } from './stack.ts';

const BUILT = `
services:
  one: { build: image, command: sleep infinity }
  two: { build: image, command: sleep infinity }
`;

describeWithDocker('a Docker replica', () => {
  it('brings the stack up under its own name, and down without a trace', async () => {
    const replica = await replicaFor(await recipeFor(REDIS));
    expect(replica.id).toMatch(/^runbook-[0-9a-f]{8}$/);
    await replica.up();
    expect(thingsOf(replica.id)).toEqual([
      `${replica.id}-redis-1`,
      `${replica.id}_data`,
      `${replica.id}_default`,
    ]);
    await replica.down();
    expect(thingsOf(replica.id)).toEqual([]);
    expect(existsSync(replica.directory)).toBe(false);
    await replica.down();
  });

  it('leaves compose.yaml as it is', async () => {
    const recipe = await recipeFor(REDIS);
    const { directory } = await replicaFor(recipe);
    expect(await readFile(join(directory, 'compose.yaml'), 'utf8')).toBe(REDIS);
    expect(await readdir(recipe.stack)).toEqual(['compose.yaml']);
  });

  it('keeps to the image that a variable of compose.yaml chose', async () => {
    vi.stubEnv('REDIS_IMAGE', 'redis:7-alpine');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { directory } = await replicaFor(
      await recipeFor(REDIS.replace('redis:7', '${REDIS_IMAGE:-redis:7}')),
    );
    vi.unstubAllEnvs();
    const images = execFileSync('docker', ['compose', 'config', '--images'], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(images).toBe('redis:7-alpine\n');
  });

  it('starts only the services that are named, and then the others', async () => {
    const replica = await replicaFor(
      await recipeFor(REDIS.replace('volumes:\n', '  other: { image: redis:7 }\nvolumes:\n')),
    );
    await replica.up(['redis']);
    expect(thingsOf(replica.id)).not.toContain(`${replica.id}-other-1`);
    await replica.up();
    expect(thingsOf(replica.id)).toContain(`${replica.id}-other-1`);
  });

  it('does not meet another one of the same stack', async () => {
    const recipe = await recipeFor(REDIS);
    const [one, two] = await Promise.all([replicaFor(recipe), replicaFor(recipe)]);
    await Promise.all([one.up(), two.up()]);
    await one.down();
    expect(thingsOf(two.id)).toHaveLength(3);
  });

  it('builds an image once for the same content, and again for another', async () => {
    const content = `${Date.now()}`;
    const recipe = await recipeFor(BUILT);
    await mkdir(join(recipe.stack, 'image'));
    await writeFile(join(recipe.stack, 'image', 'Dockerfile'), `FROM redis:7\nENV CONTENT=${content}\n`);
    const said: string[] = [];
    const builds = () => said.flatMap((line) => /building (\S+)/.exec(line)?.[1] ?? []);
    onTestFinished(() => void execFileSync('docker', ['image', 'rm', ...builds()], { stdio: 'ignore' }));
    const first = await replicaFor(recipe, (line) => said.push(line));
    expect(builds()).toHaveLength(1);
    await first.up();
    await replicaFor(recipe, (line) => said.push(line));
    expect(builds()).toHaveLength(1);
    await writeFile(join(recipe.stack, 'image', 'more'), 'content');
    await replicaFor(recipe, (line) => said.push(line));
    expect(builds()).toHaveLength(2);
  });
});
