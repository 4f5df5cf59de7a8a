import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { killProcesses, sourceOf } from '../../compose/index.ts';
import { NEVER, orInterrupted } from '../../host/interruption.ts';
import { localHost } from '../../host/local.ts';
import { findFreePorts } from '../../machine/free-ports.ts';
import { dockerReplicasIn } from '../../text/home.ts';
import { quote } from '../../text/quote.ts';
import { keepDirectory } from '../kept-mark.ts';
import { servicesOf } from '../recipe.ts';
import { type Replica, ReplicaError, type ReplicaRecipe } from '../replica.ts';
import { buildServices } from './builds.ts';
import { docker } from './docker.ts';
import { type Engine, findEngine } from './engine.ts';
import { lastWords, untilWell, type Watched } from './health.ts';
import { commandOf, pullMissing } from './images.ts';
import { thisOwner } from './labels.ts';
import { OWNER, removeThings, sweep } from './leftovers.ts';
import {
  type ComposeConfig,
  composeFilesIn,
  makeProject,
  type Project,
  projectAt,
  writeOverride,
  writeSettings,
} from './project.ts';
import { type Reached, reachPorts } from './remote.ts';

/** How long services may take to become healthy, in seconds. */
const PATIENCE_S = 180;

/** What a person who watches is told while images are made, a line at a time. */
export type Say = (line: string) => void;

/**
 * The same compose file on a Docker engine. When it returns, the images are there and nothing runs yet.
 * Throws ReplicaError where there is no engine, it is too old, or an image can be neither pulled nor built, as where
 * `signal` aborts meanwhile, and StackError where compose.yaml cannot be read.
 */
export async function createDockerReplica(
  recipe: ReplicaRecipe,
  say: Say = () => undefined,
  signal: AbortSignal = NEVER,
  engine: Promise<Engine> = findEngine(say),
): Promise<Replica> {
  await orInterrupted(engine, signal, 'the Docker engine was asked');
  const services = await servicesOf(recipe);
  const id = `runbook-${randomBytes(4).toString('hex')}`;
  const ports = await findFreePorts(recipe.ports, process.env);
  const project = await makeProject(sourceOf(recipe.stack), homeOf(recipe.home, id), id, ports);
  try {
    await writeFile(join(project.home, OWNER), JSON.stringify(thisOwner()));
    if (services.length > 0) await prepareImages(project, recipe, say, signal);
    await writeSettings(project, ports);
    return replicaOf(project, await reachPorts(ports), recipe);
  } catch (error) {
    await rm(project.home, { recursive: true, force: true });
    throw error;
  }
}

/** Apart from the embedded replicas, whose own sweep knows nothing of these. */
const homeOf = (replicas: string, ...id: string[]) => join(dockerReplicasIn(replicas), ...id);

/** A replica that was kept by the process that made it. Throws ReplicaError where its directory is damaged. */
export async function openDockerReplica(recipe: ReplicaRecipe, id: string): Promise<Replica> {
  const home = homeOf(recipe.home, id);
  const settings = await readFile(join(home, 'project', '.env'), 'utf8').catch((error: Error) => {
    throw new ReplicaError(`the replica ${id} has no ports: ${error.message}; remove it with \`down ${id}\``);
  });
  const given = parseEnv(settings);
  const ports = Object.fromEntries(recipe.ports.map((name) => [name, Number(given[name])]));
  const project = projectAt(home, id, ports, sourceOf(recipe.stack).file);
  return replicaOf(project, await reachPorts(ports), recipe);
}

function replicaOf(project: Project, { ports, end }: Reached, { stack, database }: ReplicaRecipe): Replica {
  const isEmpty = typeof stack === 'object' && Object.keys(stack.services).length === 0;
  const { id, home, directory, environment } = project;
  return {
    kind: 'docker',
    id,
    directory,
    environment,
    ports,
    async up(services = [], signal = NEVER) {
      // Compose refuses to bring nothing up.
      if (!isEmpty) await bringUp({ environment, services, database: database?.service ?? null }, signal);
    },
    host: localHost({ directory, environment }),
    psql: database && psqlOf(id, database),
    keep: (until) => keepDirectory(home, until),
    async down() {
      await end();
      await killProcesses([], `${id}:`);
      await removeThings(id);
      await rm(home, { recursive: true, force: true });
      // A `docker compose up` outlives its killed rehearsal, and may have made things since the last sweep.
      await sweep(dirname(home), () => undefined);
    },
  };
}

const psqlOf = (id: string, { service, user, name }: NonNullable<ReplicaRecipe['database']>): string =>
  ['docker', 'compose', '-p', id, 'exec', service, 'psql', '-U', user, name].map(quote).join(' ');

async function prepareImages(
  project: Project,
  { database, postgres }: ReplicaRecipe,
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  const { environment } = project;
  const config = await docker(
    ['compose', ...composeFilesIn(project).flatMap((file) => ['--file', file]), 'config', '--format', 'json'],
    {
      environment,
    },
  );
  const parsed = JSON.parse(config) as ComposeConfig;
  const { services } = parsed;
  const images = await buildServices(project, parsed, say, signal);
  for (const [name, { image, build }] of Object.entries(services)) {
    if (!image || build) continue;
    images[name] = postgres && name === database?.service ? `postgres:${postgres}` : image;
  }
  await pullMissing(Object.values(images), say, signal);
  const commands = database
    ? { [database.service]: await serverCommand(database.service, services, images) }
    : {};
  await writeOverride(project, parsed, images, commands);
}

/** What a service runs: as the compose file says or, where it says nothing, as its image does. */
async function serverCommand(
  service: string,
  services: ComposeConfig['services'],
  images: Record<string, string>,
): Promise<string[]> {
  return services[service]?.command ?? commandOf(images[service]);
}

async function bringUp(watched: Watched, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_S * 1000)]);
  const { environment = {}, services } = watched;
  const up = ['up', '--detach', '--no-build', ...services];
  try {
    await docker(['compose', '--ansi', 'never', '--progress', 'quiet', ...up], {
      environment,
      signal: patience,
    });
    await untilWell({ ...watched, signal: patience });
  } catch (error) {
    if (signal.aborted) throw error;
    const words = await lastWords(watched).catch(() => '');
    if (words === '') throw error;
    throw new ReplicaError(`the replica’s services do not become healthy.\n${words}`);
  }
}

/** Removes what killed rehearsals left on the engine, and in `home`. Does nothing without an engine. */
export async function sweepDockerReplicas(
  home: string,
  say: Say = () => undefined,
  engine: Promise<Engine> = findEngine(say),
): Promise<void> {
  const found = await engine.catch(() => null);
  if (found) await sweep(homeOf(home), say);
}
