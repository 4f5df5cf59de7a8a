import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Executor } from '../../tools/host/executor.ts';
import { type ExecutorParts, openExecutor } from '../../tools/host/executor.ts';
import type { Host } from '../../tools/host/host.ts';
import { openWitness } from '../../tools/host/wal/witness.ts';
import { createDockerReplica } from '../../tools/replica/docker/replica.ts';
import { createEmbeddedReplica } from '../../tools/replica/embedded.ts';
import { reachThroughSsh } from '../../tools/replica/reach.ts';
import type { Replica, ReplicaRecipe } from '../../tools/replica/replica.ts';

/** The replica's stack: five services, of which the suite starts postgres and redis. */
const STACK = join(import.meta.dirname, '../../fixtures/stack');

const NAS = { ssh: 'minyic@192.168.0.190', directory: '/share/CACHEDEV1_DATA/minyic-volumn/crosshot-ai' };

const database = { service: 'postgres', user: 'crosshot', name: 'crosshot' };

const say = () => undefined;

/** An executor on a host with a stack behind it, for one run of the suite. */
export interface Opened {
  executor: Executor;
  /** Another one on the same host, whose blocks are seen by a witness, as in a rehearsal. */
  watched: Executor;
  /** Where blocks `on=nas` run. */
  projectDirectory: string;
  /** Where blocks `on=local` run. */
  localDirectory: string;
  close(): Promise<void>;
}

/** A kind of host: how one is opened, and what the suite needs of the machine for it. */
export interface Kind {
  name: string;
  needs: ('docker' | 'ssh')[];
  open(): Promise<Opened>;
}

export const KINDS = {
  embedded: {
    name: 'the embedded replica',
    needs: [],
    open: () => openReplica((recipe) => createEmbeddedReplica(recipe, say)),
  },
  docker: {
    name: 'the Docker replica',
    needs: ['docker'],
    open: () => openReplica((recipe) => createDockerReplica(recipe, say)),
  },
  ssh: {
    name: 'the Docker replica through SSH',
    needs: ['docker', 'ssh'],
    open: () =>
      openReplica((recipe) => createDockerReplica(recipe, say), {
        directory: NAS.directory,
        reach: (replica) => reachThroughSsh(replica, NAS, say),
      }),
  },
} satisfies Record<string, Kind>;

/** Another host than the replica's own, from which its stack is reached. */
interface Way {
  /** The project directory there. */
  directory: string;
  reach(replica: Replica): Promise<Host>;
}

async function openReplica(create: (recipe: ReplicaRecipe) => Promise<Replica>, way?: Way): Promise<Opened> {
  const home = await mkdtemp(join(tmpdir(), 'runbook-contract-'));
  const replica = await create({ stack: STACK, ports: ['API_PORT'], database, home: join(home, 'replicas') });
  const remove = async () => {
    await replica.down();
    await rm(home, { recursive: true, force: true });
  };
  try {
    await replica.up(['postgres', 'redis']);
    const host = way ? await way.reach(replica) : replica.host;
    const parts: ExecutorParts = {
      host,
      hostNames: ['nas'],
      seeded: false,
      localDirectory: home,
      environment: replica.environment,
      variables: { GREETING: 'from the front matter' },
      database,
      runbook: 'runbook.md',
    };
    const executor = await openExecutor(parts);
    const witness = openWitness(() => host.inside(database.service).database(), database);
    const watched = await openExecutor({ ...parts, witness });
    const close = () =>
      Promise.all([executor.close(), watched.close()])
        .then(() => host.close())
        .finally(remove);
    return {
      executor,
      watched,
      projectDirectory: way?.directory ?? replica.directory,
      localDirectory: home,
      close,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
