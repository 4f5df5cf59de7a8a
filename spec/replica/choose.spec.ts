import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { chooseReplica } from '../../tools/replica/choose.ts';
import type { ReplicaKind } from '../../tools/replica/replica.ts';
import { describeWithDocker } from '../support/requires.ts';
import { REDIS, recipeFor } from './docker/stack.ts';

/** The kind that was taken, and what was said of it. */
async function choose(kind: 'auto' | ReplicaKind, compose = REDIS) {
  const said: string[] = [];
  const replica = await chooseReplica(kind, await recipeFor(compose), (line) => said.push(line));
  onTestFinished(() => replica.down());
  return { kind: replica.kind, said: said.join('\n') };
}

function withoutEngine() {
  vi.stubEnv('DOCKER_HOST', 'unix:///nonexistent/docker.sock');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

describeWithDocker('where an engine answers', () => {
  it('auto takes Docker, and says so', async () => {
    expect(await choose('auto')).toEqual({ kind: 'docker', said: expect.stringContaining('Docker') });
  });

  it('auto takes the embedded replica where an image cannot be had, and says so', async () => {
    const { kind, said } = await choose('auto', REDIS.replace('redis:7', 'redis:no-such-tag'));
    expect(kind).toBe('embedded');
    expect(said).toMatch(/the embedded replica is taken: an image .*redis:no-such-tag/);
  });

  it('embedded takes the embedded one', async () => {
    expect((await choose('embedded')).kind).toBe('embedded');
  });
});

describe('where no engine answers', () => {
  it('auto takes the embedded replica, and says why', async () => {
    withoutEngine();
    const { kind, said } = await choose('auto');
    expect(kind).toBe('embedded');
    expect(said).toMatch(
      /^the embedded replica is taken: (no Docker engine answers: start it \(|there is no docker command)/m,
    );
  });

  it('docker is refused', async () => {
    withoutEngine();
    await expect(choose('docker')).rejects.toThrow(/no Docker engine answers|there is no docker command/);
  });
});
