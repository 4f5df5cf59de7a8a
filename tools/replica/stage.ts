import { sweepReplicas } from '../compose/index.ts';
import type { Document } from '../document/document.ts';
import type { DatabaseLogin } from '../host/database.ts';
import type { Host } from '../host/host.ts';
import { Interrupted, orInterrupted } from '../host/interruption.ts';
import { lockServer } from '../host/lock.ts';
import type { Identity } from '../outcome/identity.ts';
import type { DataSize } from '../text/data-size.ts';
import { quote } from '../text/quote.ts';
import { chooseReplica } from './choose.ts';
import { findEngine } from './docker/engine.ts';
import { sweepDockerReplicas } from './docker/replica.ts';
import { type Dump, restoreDump } from './dump.ts';
import { openKept } from './kept.ts';
import { endAbandonedBlocks } from './local-blocks.ts';
import { reachThroughSsh } from './reach.ts';
import { recipeOf, seedFiles } from './recipe.ts';
import { type Replica, ReplicaError, type ReplicaKind } from './replica.ts';
import { requireMark, seed } from './seed.ts';
import { type Stopwatch, stopwatch } from './stopwatch.ts';

export interface StageOptions {
  kind: 'auto' | ReplicaKind;
  /** `ssh`: to a host in a container, as a real run goes to its host; only a Docker replica can. */
  through?: 'ssh' | undefined;
  /** What the database is filled with: the seed's files of a size, or a dump. */
  data: DataSize | Dump;
  /** The major version of PostgreSQL that is taken in the place of the stack's own. */
  postgres?: string | undefined;
  /** The person's: what has been begun is then taken down again. */
  signal: AbortSignal;
}

/** A replica that is seeded, healthy and open for blocks. */
export interface Stage {
  replica: Replica;
  /** The replica's host, as blocks reach it. */
  host: Host;
  /** What answers there: the machine, the directory, the database. */
  identity: Identity;
  /** How long `start`, `seed` or `restore` and, after takeDown, `stop` took. */
  phases: Stopwatch;
  /** Closes the host and takes the replica down, but for one that was kept before. Safe to call twice. */
  takeDown(): Promise<void>;
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
  const recipe = { ...recipeOf(document), postgres: options.postgres ?? null };
  const phases = stopwatch();
  await endAbandonedBlocks();
  const { signal } = options;
  await sweepReplicas(recipe.home, say);
  const engine = options.kind === 'embedded' ? undefined : findEngine(say);
  if (engine) await orInterrupted(sweepDockerReplicas(recipe.home, say, engine), signal, STARTING);
  const replica = await phases.time('start', async () => {
    const made = await chooseReplica(options.kind, recipe, say, signal, engine);
    const first = recipe.database ? [recipe.database.service] : [];
    await made.up(first, signal).catch((error) => giveUp(made, error));
    return made;
  });
  say(`replica ${replica.id} (${replica.kind}) started in ${seconds(phases)} s`);
  try {
    const { database } = recipe;
    if (database) {
      const { data } = options;
      const isDump = typeof data === 'object';
      await phases.time(isDump ? 'restore' : 'seed', async () => {
        await orInterrupted(fill(replica, database, document, options), signal, STARTING);
        await replica.up([], signal);
      });
      const hasSeed = seedFiles(document, 'small').length > 0;
      const filled = isDump ? `${data.name} restored` : `${hasSeed ? data : 'no'} data seeded`;
      say(`${filled} and every service up in ${seconds(phases)} s`);
    }
    const host = await orInterrupted(hostOf(replica, document, options, say), signal, STARTING);
    const identity = await orInterrupted(host.identity(recipe.database), signal, STARTING);
    return { replica, host, identity, phases, takeDown: () => takeDown(replica, host, phases) };
  } catch (error) {
    return giveUp(replica, error);
  }
}

function fill(
  replica: Replica,
  database: DatabaseLogin,
  document: Document,
  { data, signal }: StageOptions,
): Promise<void> {
  if (typeof data === 'object') return restoreDump(replica.host, database, replica.id, data, signal);
  return seed(replica.host, database, replica.id, seedFiles(document, data));
}

/**
 * Opens a replica that was kept: nothing is started or seeded, and it stays as the blocks leave it.
 * Throws ReplicaError where there is none of this id, CannotRun where another rehearsal is at work on it.
 */
export async function joinStage(document: Document, id: string): Promise<Stage> {
  const recipe = recipeOf(document);
  await endAbandonedBlocks();
  const replica = await openKept(recipe, id);
  const { host } = replica;
  const { database } = recipe;
  const release = database ? await lockReplica(replica, database) : async () => undefined;
  const identity = await host.identity(database);
  return { replica, host, identity, phases: stopwatch(), takeDown: once(release) };
}

async function lockReplica(
  { host, id, psql }: Replica,
  database: DatabaseLogin,
): Promise<() => Promise<void>> {
  await requireMark(host, database, id);
  const lock = await lockServer(
    () => host.inside(database.service).database(),
    database,
    (pid) => `${psql} -c ${quote(`SELECT pg_terminate_backend(${pid})`)}`,
  );
  return lock.release;
}

const once = <Value>(work: () => Promise<Value>) => {
  let done: Promise<Value> | undefined;
  return () => (done ??= work());
};

async function giveUp(replica: Replica, error: unknown): Promise<never> {
  await replica.down();
  throw error;
}

async function takeDown(replica: Replica, host: Host, phases: Stopwatch): Promise<void> {
  if (phases.finished.some(({ phase }) => phase === 'stop')) return;
  await phases.time('stop', async () => {
    await host.close();
    await replica.down();
  });
}

async function hostOf(
  replica: Replica,
  { frontMatter: { hosts }, path }: Document,
  { through, signal }: StageOptions,
  say: (line: string) => void,
): Promise<Host> {
  if (!through) return replica.host;
  const address = Object.values(hosts).find(({ key }) => key === 'ssh');
  if (!address)
    throw new ReplicaError(`${path}:1:1: --through ssh needs a host with \`ssh\` in the front matter`);
  const host = await reachThroughSsh(
    replica,
    { ssh: address.name, directory: address.directory },
    say,
    signal,
  );
  say(`blocks go through SSH to ${host.name}`);
  return host;
}

const seconds = ({ finished }: Stopwatch) => ((finished.at(-1)?.duration_ms ?? 0) / 1000).toFixed(1);
