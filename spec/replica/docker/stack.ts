import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDockerReplica } from '../../../tools/replica/docker/replica.ts';
import type { Replica, ReplicaRecipe } from '../../../tools/replica/replica.ts';

/** A stack of one Redis: up in a second. */
export const REDIS = `
services:
  redis:
    image: redis:7
    volumes: [data:/data]
    healthcheck: { test: redis-cli ping, interval: 200ms, timeout: 5s, retries: 50 }
volumes:
  data:
`;

/** A recipe for a stack of this compose file (and these files beside it), gone when the calling test is. */
export async function recipeFor(
  compose: string,
  more: Record<string, string> = {},
  ports: string[] = [],
): Promise<ReplicaRecipe & { stack: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'runbook-stack-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const stack = join(directory, 'stack');
  await mkdir(stack);
  for (const [name, text] of Object.entries({ ...more, 'compose.yaml': compose })) {
    await writeFile(join(stack, name), text);
  }
  return { stack, ports, database: null, home: join(directory, 'replicas') };
}

/** A replica that is taken down when the calling test is done. */
export async function replicaFor(recipe: ReplicaRecipe, say?: (line: string) => void): Promise<Replica> {
  const replica = await createDockerReplica(recipe, say);
  onTestFinished(() => replica.down());
  return replica;
}

const list = (...args: string[]) =>
  execFileSync('docker', args, { encoding: 'utf8' }).split('\n').filter(Boolean);

/** The containers, volumes and networks on the engine whose names begin with the replica's id. */
export function thingsOf(id: string): string[] {
  const named = `name=^${id}`;
  return [
    ...list('ps', '--all', '--filter', `name=^/?${id}`, '--format', '{{.Names}}'),
    ...list('volume', 'ls', '--filter', named, '--format', '{{.Name}}'),
    ...list('network', 'ls', '--filter', named, '--format', '{{.Name}}'),
  ].sort();
}
