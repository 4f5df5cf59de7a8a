import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ReplicaRecipe } from '../../../tools/replica/replica.ts';
import { describeWithDocker } from '../../support/requires.ts';
import { recipeFor, replicaFor } from './stack.ts';

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();

const FIRST = `
FROM redis:7 AS first
ARG WHO=nobody
RUN echo "first for $WHO" > /which
`;
const LAST = `
FROM first AS last
RUN echo last >> /which
`;
const SECRET = `
FROM first AS second
RUN --mount=type=secret,id=token sha256sum < /run/secrets/token > /digest; echo second >> /which
`;

/** The tags of the images that replicas of a recipe are built of; the images go when the calling test is done. */
function builder(recipe: ReplicaRecipe) {
  const built = new Set<string>();
  onTestFinished(() => {
    for (const tag of built) docker('image', 'rm', '--force', tag);
  });
  return async (): Promise<string[]> => {
    const said: string[] = [];
    await replicaFor(recipe, (line) => said.push(line));
    const tags = said.flatMap((line) => /^building (\S+)/.exec(line)?.[1] ?? []);
    for (const tag of tags) built.add(tag);
    return tags;
  };
}

const inImage = (image: string | undefined, path: string) =>
  docker('run', '--rm', '--entrypoint', 'cat', String(image), path);

/** A compose file of one service; JSON is YAML, too. */
const serviceOf = (build: object | string, more: object = {}) =>
  JSON.stringify({ services: { one: { build, command: 'true' } }, ...more });

describeWithDocker('what a service is built of', () => {
  it('is all that the compose file says, and no file of the replica has a secret', async () => {
    vi.stubEnv('A_TOKEN', 'not-to-be-seen');
    onTestFinished(() => void vi.unstubAllEnvs());
    const build = {
      ...{ context: 'image', dockerfile: '../Dockerfile.other', target: 'second', args: { WHO: 'a $$b' } },
      ...{ secrets: ['token'], labels: { 'of.the.stack': 'here' }, tags: [`real-${process.pid}:latest`] },
    };
    const recipe = await recipeFor(serviceOf(build, { secrets: { token: { environment: 'A_TOKEN' } } }), {
      'Dockerfile.other': FIRST + SECRET + LAST,
    });
    await mkdir(join(recipe.stack, 'image'));
    const [tag] = await builder(recipe)();
    expect(inImage(tag, '/which')).toBe('first for a $b\nsecond');
    const digest = execFileSync('sha256sum', { input: 'not-to-be-seen', encoding: 'utf8' }).trim();
    expect(inImage(tag, '/digest')).toBe(digest);
    expect(
      docker('image', 'inspect', '--format', '{{index .Config.Labels "of.the.stack"}}', String(tag)),
    ).toBe('here');
    // It is a name of the real stack's.
    expect(docker('image', 'ls', '--quiet', `real-${process.pid}`)).toBe('');
    const found = execFileSync('sh', ['-c', `grep -rl not-to-be-seen ${recipe.home} || true`]);
    expect(String(found)).toBe('');
  });

  it('is another where anything of it is, and the same where nothing is', async () => {
    const recipe = await recipeFor('', { Dockerfile: FIRST + LAST });
    const build = builder(recipe);
    const write = (service: string) => writeFile(join(recipe.stack, 'compose.yaml'), service);
    const mark = `${process.pid}-${performance.now()}`;
    const seen: string[] = [];
    for (const said of [
      { context: '.', args: { WHO: mark } },
      { context: '.', args: { WHO: `${mark}, too` } },
      { context: '.', args: { WHO: mark }, target: 'first' },
      { context: '.', args: { WHO: mark }, labels: { of: 'another' } },
      { context: '.', dockerfile_inline: `FROM redis:7\nRUN echo inline ${mark} > /which` },
    ]) {
      await write(serviceOf(said));
      const tags = await build();
      expect({ said, tags: tags.length }).toEqual({ said, tags: 1 });
      seen.push(...tags);
      expect({ said, tags: await build() }).toEqual({ said, tags: [] });
    }
    expect(seen.map((tag) => inImage(tag, '/which'))).toEqual([
      `first for ${mark}\nlast`,
      `first for ${mark}, too\nlast`,
      `first for ${mark}`,
      `first for ${mark}\nlast`,
      `inline ${mark}`,
    ]);
  });

  it('is another where a file outside of its context, its mode or where a link leads is', async () => {
    const mark = `${process.pid}-${performance.now()}`;
    const recipe = await recipeFor(serviceOf({ context: 'image', dockerfile: '../Dockerfile' }), {
      Dockerfile: `FROM redis:7\nENV MARK=${mark}\nCOPY . /here/`,
    });
    const image = join(recipe.stack, 'image');
    await mkdir(image);
    await writeFile(join(image, 'script'), '#!/bin/sh\n', { mode: 0o644 });
    const build = builder(recipe);
    expect(await build()).toHaveLength(1);
    await chmod(join(image, 'script'), 0o755);
    expect(await build()).toHaveLength(1);
    await symlink('script', join(image, 'link'));
    expect(await build()).toHaveLength(1);
    await writeFile(join(recipe.stack, 'Dockerfile'), `FROM redis:7\nENV MARK=${mark}-2\nCOPY . /here/`);
    expect(await build()).toHaveLength(1);
    expect(await build()).toEqual([]);
  });
});
