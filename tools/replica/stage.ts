import { basename, dirname, resolve } from 'node:path';
import { sweepReplicas } from '../compose/index.ts';
import type { Document } from '../document/document.ts';
import type { Target } from '../host/executor.ts';
import { lockServer } from '../host/lock.ts';
import { openTarget } from '../host/open.ts';
import { Interrupted, orInterrupted } from '../text/interruption.ts';
import { chooseReplica } from './choose.ts';
import { sweepDockerReplicas } from './docker/replica.ts';
import { openKept } from './kept.ts';
import { endAbandonedBlocks } from './local-blocks.ts';
import { reachDirectly, reachThroughSsh, type Way } from './reach.ts';
import { recipeOf, seedFiles, servicesOf, variablesOf } from './recipe.ts';
import { type Replica, ReplicaError, type ReplicaKind } from './replica.ts';
import { requireMark, seed } from './seed.ts';
import { type Stopwatch, stopwatch } from './stopwatch.ts';

export interface StageOptions {
  kind: 'auto' | ReplicaKind;
  /** `ssh`: to a host in a container, as the real run goes to the NAS; only a Docker replica can. */
  through?: 'ssh' | undefined;
  data: 'small' | 'medium' | 'large';
  /** The person's: what has been begun is then taken down again. */
  signal: AbortSignal;
}

/** A replica that is seeded, healthy and open for blocks. */
export interface Stage {
  replica: Replica;
  target: Target;
  /** How long `start`, `seed` and, after strike, `stop` took. */
  phases: Stopwatch;
  /** Closes the target and takes the replica down. Safe to call twice. */
  strike(): Promise<void>;
}

/**
 * Sweeps up what killed rehearsals left, then makes, seeds and opens a replica for a document. What had been begun
 * is taken down again where something fails. Throws ReplicaError or CannotRun, or Interrupted.
 */
export async function setStage(
  document: Document,
  options: StageOptions,
  say: (line: string) => void,
): Promise<Stage> {
  try {
    return await makeStage(document, options, say);
  } catch (error) {
    throw options.signal.aborted ? new Interrupted(STARTING) : error;
  }
}

const STARTING = 'the replica was starting';

async function makeStage(
  document: Document,
  options: StageOptions,
  say: (line: string) => void,
): Promise<Stage> {
  const recipe = recipeOf(document);
  const services = await servicesOf(recipe);
  const phases = stopwatch();
  await endAbandonedBlocks();
  const { signal } = options;
  await sweepReplicas(recipe.home, say);
  if (options.kind !== 'embedded')
    await orInterrupted(sweepDockerReplicas(recipe.home, say), signal, STARTING);
  const replica = await phases.time('start', async () => {
    const made = await chooseReplica(options.kind, recipe, say, signal);
    await made.up([recipe.database.service], signal).catch((error) => giveUp(made, error));
    return made;
  });
  say(`replica ${replica.id} (${replica.kind}) started in ${seconds(phases)} s`);
  try {
    await phases.time('seed', async () => {
      const files = seedFiles(document, options.data);
      const seeding = seed(() => replica.connectDatabase(), recipe.database, replica.id, files);
      await orInterrupted(seeding, signal, STARTING);
      await replica.up([], signal);
    });
    say(`${options.data} data seeded and every service up in ${seconds(phases)} s`);
    const way = await orInterrupted(wayTo(replica, document, options, say), signal, STARTING);
    const target = await targetOf(document, replica, services, way);
    return { replica, target, phases, strike: () => strike(replica, target, phases) };
  } catch (error) {
    return giveUp(replica, error);
  }
}

const targetOf = (document: Document, replica: Replica, services: string[], way: Way): Promise<Target> =>
  openTarget({
    facts: { name: replica.id, kind: replica.kind, services, terminal: false },
    seeded: true,
    ...way,
    localDirectory: dirname(resolve(document.path)),
    environment: replica.environment,
    variables: variablesOf(document, replica),
    database: recipeOf(document).database,
    needsEngine: true,
    runbook: basename(document.path),
  });

/**
 * Opens a replica that was kept: nothing is started or seeded, and it stays as the blocks leave it.
 * Throws ReplicaError where there is none of this id, CannotRun where another rehearsal is at work on it.
 */
export async function joinStage(document: Document, id: string): Promise<Stage> {
  const recipe = recipeOf(document);
  await endAbandonedBlocks();
  const replica = await openKept(recipe, id);
  const way = reachDirectly(replica);
  await requireMark(way.connectDatabase, recipe.database, id);
  const unlock = await lockServer(way.connectDatabase, recipe.database);
  try {
    const target = await targetOf(document, replica, await servicesOf(recipe), way);
    const strike = once(async () => {
      await target.close();
      await unlock();
    });
    return { replica, target, phases: stopwatch(), strike };
  } catch (error) {
    await unlock();
    throw error;
  }
}

const once = <Value>(work: () => Promise<Value>) => {
  let done: Promise<Value> | undefined;
  return () => (done ??= work());
};

async function giveUp(replica: Replica, error: unknown): Promise<never> {
  await replica.down();
  throw error;
}

async function strike(replica: Replica, target: Target, phases: Stopwatch): Promise<void> {
  if (phases.finished.some(({ phase }) => phase === 'stop')) return;
  await phases.time('stop', async () => {
    await target.close();
    await replica.down();
  });
}

async function wayTo(
  replica: Replica,
  { frontMatter: { nas, database }, path }: Document,
  { through, signal }: StageOptions,
  say: (line: string) => void,
): Promise<Way> {
  if (!through) return reachDirectly(replica);
  if (!nas || !database)
    throw new ReplicaError(`${path}:1:1: --through ssh needs \`nas\` in the front matter`);
  const way = await reachThroughSsh(replica, nas, database.service, say, signal);
  say(`blocks go through SSH to ${way.door.name}`);
  return way;
}

const seconds = ({ finished }: Stopwatch) => ((finished.at(-1)?.duration_ms ?? 0) / 1000).toFixed(1);
