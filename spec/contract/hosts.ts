import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Executor } from '../../tools/host/executor.ts';
import { openExecutor } from '../../tools/host/executor.ts';
import { createDockerReplica } from '../../tools/replica/docker/replica.ts';
import { createEmbeddedReplica } from '../../tools/replica/embedded.ts';
import { reachThroughSsh } from '../../tools/replica/reach.ts';
import type { Replica, ReplicaRecipe } from '../../tools/replica/replica.ts';

/** The replica's stack: five services, of which the suite starts postgres and redis. */
const STACK = join(import.meta.dirname, '../../fixtures/stack');

const NAS = { ssh: 'minyic@192.168.0.190', directory: '/share/CACHEDEV1_DATA/minyic-volumn/crosshot-ai' };

const database = { service: 'postgres', user: 'crosshot', name: 'crosshot' };

const say = () => undefined;

/** A target with a stack behind it, for one run of the suite. */
export interface Opened {
  target: Executor;
  /** Where blocks `on=nas` run. */
  projectDirectory: string;
  /** Where blocks `on=local` run. */
  localDirectory: string;
  close(): Promise<void>;
}

/** A way to make a target, and the services that the suite needs of the machine. */
export interface Kind {
  name: string;
  needs: ('docker' | 'ssh')[];
  open(): Promise<Opened>;
}

export const KINDS: Kind[] = [
  {
    name: 'the embedded replica',
    needs: [],
    open: () => openReplica((recipe) => createEmbeddedReplica(recipe, say)),
  },
  {
    name: 'the Docker replica',
    needs: ['docker'],
    open: () => openReplica((recipe) => createDockerReplica(recipe, say)),
  },
  {
    name: 'the Docker replica through SSH',
    needs: ['docker', 'ssh'],
    open: () => openReplica((recipe) => createDockerReplica(recipe, say), NAS),
  },
];

async function openReplica(
  create: (recipe: ReplicaRecipe) => Promise<Replica>,
  nas?: typeof NAS,
): Promise<Opened> {
  const home = await mkdtemp(join(tmpdir(), 'runbook-contract-'));
  const replica = await create({ stack: STACK, ports: ['API_PORT'], database, home: join(home, 'replicas') });
  const remove = async () => {
    await replica.down();
    await rm(home, { recursive: true, force: true });
  };
  try {
    await replica.up(['postgres', 'redis']);
    const host = nas ? await reachThroughSsh(replica, nas, say) : replica.host;
    const target = await openExecutor({
      host,
      hostNames: ['nas'],
      seeded: false,
      localDirectory: home,
      environment: replica.environment,
      variables: { GREETING: 'from the front matter' },
      database,
      runbook: 'runbook.md',
    });
    const close = () =>
      target
        .close()
        .then(() => host.close())
        .finally(remove);
    return { target, projectDirectory: nas?.directory ?? replica.directory, localDirectory: home, close };
  } catch (error) {
    await remove();
    throw error;
  }
}
