import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { createProject, openProject, type Project } from '../compose/index.ts';
import { NEVER, orInterrupted } from '../host/interruption.ts';
import { localHost } from '../host/local.ts';
import { findFreePorts } from '../machine/free-ports.ts';
import { quote } from '../text/quote.ts';
import { keepDirectory } from './kept-mark.ts';
import { localMark } from './local-blocks.ts';
import type { Replica, ReplicaRecipe } from './replica.ts';
import { throwReplicaError } from './stack.ts';

/** A replica whose servers are processes of this machine. */
export interface EmbeddedReplica extends Replica {
  kind: 'embedded';
  /** `<home>/<id>`: what `removeReplica` takes. */
  home: string;
}

/**
 * Makes a replica without a Docker engine, out of compose's stand-in for it. No service runs before `up`.
 * `progress` is told what `up` does. Throws ReplicaError where it cannot be made.
 */
export async function createEmbeddedReplica(
  { stack, home, ports, database, postgres }: ReplicaRecipe,
  progress?: (line: string) => void,
): Promise<EmbeddedReplica> {
  const images = database && postgres ? { [database.service]: `postgres:${postgres}` } : {};
  const recipe = { stack, home, images, ports: await findFreePorts(ports, process.env) };
  const project = await createProject(recipe, progress).catch(throwReplicaError);
  return replicaOf(project, database, progress);
}

/**
 * A replica that was kept by the process that made it; `directory` is `<home>/<id>`.
 * Throws ReplicaError where it does not run any more.
 */
export async function openEmbeddedReplica(
  directory: string,
  { database }: ReplicaRecipe,
): Promise<EmbeddedReplica> {
  return replicaOf(await openProject(directory).catch(throwReplicaError), database);
}

function replicaOf(
  project: Project,
  database: ReplicaRecipe['database'],
  progress?: (line: string) => void,
): EmbeddedReplica {
  const { id, home, directory, bin, ports } = project;
  const environment = {
    PATH: [bin, process.env.PATH].join(delimiter),
    COMPOSE_PROJECT_NAME: id,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    RUNBOOK_STATE: join(home, 'state'),
    ...localMark(id),
  };
  return {
    ...{ kind: 'embedded', id, home, directory, ports, environment },
    host: localHost({
      directory,
      environment,
      connect: (service) => connect(join(project.postgresSockets(service), '.s.PGSQL.5432')),
    }),
    async up(services = [], signal = NEVER) {
      const isUp = project.up(services, progress).catch(throwReplicaError);
      await orInterrupted(isUp, signal, 'the replica was starting');
    },
    psql:
      database &&
      `psql -h ${quote(project.postgresSockets(database.service))} -U ${quote(database.user)} ${quote(database.name)}`,
    async keep(until) {
      // Its engine ends with the process that started it, unless it is told otherwise.
      if (until === 'removed') await project.keep().catch(throwReplicaError);
      await keepDirectory(home, until);
    },
    down: () => project.down(),
  };
}
