import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { withRemedy } from '../compose/disk-full.ts';
import { postgresSocketDirectory } from '../compose/images.ts';
import { layoutOf, type ReplicaRecord, readEngineRecord, readReplicaRecord } from '../compose/layout.ts';
import { makeDirectory } from '../compose/make.ts';
import { typescriptArguments } from '../compose/node-runtime.ts';
import { isRunning } from '../compose/processes.ts';
import { ask } from '../compose/protocol.ts';
import { readStack } from '../compose/stack.ts';
import { removeReplica } from '../compose/sweep.ts';
import { localHost } from '../host/local.ts';
import { NEVER, orInterrupted } from '../text/interruption.ts';
import { quote } from '../text/quote.ts';
import { keepDirectory } from './kept-mark.ts';
import { localMark } from './local-blocks.ts';
import { type Replica, ReplicaError, type ReplicaRecipe } from './replica.ts';

/** A replica whose servers are processes of this machine. */
export interface EmbeddedReplica extends Replica {
  kind: 'embedded';
  /** `<home>/<id>`: what `removeReplica` takes. */
  home: string;
  /** Lets the replica outlive this process, until `removeReplica` ends it. */
  keep(): Promise<void>;
}

const ENGINE = fileURLToPath(new URL('../compose/engine.ts', import.meta.url));

/**
 * Makes a replica without a Docker engine: its directory, its ports, its `docker` command, and the process
 * that owns its services and watches this one. No service runs before `up`. `progress` is told what `up`
 * does. Throws ReplicaError where it cannot be made.
 */
export async function createEmbeddedReplica(
  recipe: ReplicaRecipe,
  progress?: (line: string) => void,
): Promise<EmbeddedReplica> {
  // Before anything is made, so that a message names the person's own file. Any ports will do for this.
  await readStack(recipe.stack, 'replica', Object.fromEntries(recipe.ports.map((name) => [name, 1])));
  const { directory, record } = await makeDirectory(recipe).catch((error: Error) => {
    throw new ReplicaError(withRemedy(`cannot make a replica in ${recipe.home}: ${error.message}`));
  });
  const engine = await startEngine(directory);
  const ended = once(engine, 'exit');
  return {
    ...handleOf(directory, record, recipe, progress),
    async down() {
      await removeReplica(directory);
      // Else nothing would keep this process alive until then, and Node would end it in the middle.
      engine.ref();
      await ended;
    },
  };
}

/**
 * A replica that was kept by the process that made it; `directory` is `<home>/<id>`.
 * Throws ReplicaError where it does not run any more.
 */
export async function openEmbeddedReplica(
  directory: string,
  recipe: ReplicaRecipe,
): Promise<EmbeddedReplica> {
  const record = await readReplicaRecord(directory);
  const engine = readEngineRecord(directory)?.engine;
  if (!engine || !isRunning(engine)) {
    throw new ReplicaError(
      `the replica ${record.id} does not run any more: npm run -s runbook -- down ${record.id}`,
    );
  }
  return { ...handleOf(directory, record, recipe), down: () => removeReplica(directory) };
}

/** A replica whose engine runs, but for what its maker alone can do. */
function handleOf(
  directory: string,
  record: ReplicaRecord,
  { database }: ReplicaRecipe,
  progress?: (line: string) => void,
): Omit<EmbeddedReplica, 'down'> {
  const layout = layoutOf(directory, record);
  const ports = Object.fromEntries(Object.entries(record.ports).map(([name, port]) => [name, String(port)]));
  const sockets = postgresSocketDirectory(database.service, layout);
  const environment = {
    PATH: [layout.bin, process.env.PATH].join(delimiter),
    COMPOSE_PROJECT_NAME: record.id,
    ...ports,
    ...localMark(record.id),
  };
  return {
    kind: 'embedded',
    id: record.id,
    home: directory,
    directory: layout.project,
    environment,
    host: localHost({
      directory: layout.project,
      environment,
      connect: (service) => connect(join(postgresSocketDirectory(service, layout), '.s.PGSQL.5432')),
    }),
    ports: record.ports,
    async up(services = [], signal = NEVER) {
      const request = { ask: 'up', services, wait: true, dependencies: true, recreate: false } as const;
      await orInterrupted(ask(layout.engineSocket, request, progress), signal, 'the replica was starting');
    },
    psql: `psql -h ${quote(sockets)} -U ${quote(database.user)} ${quote(database.name)}`,
    async keep() {
      await ask(layout.engineSocket, { ask: 'keep' });
      await keepDirectory(directory);
    },
  };
}

/** Its standard input closes when this process ends, however that ends: by that the engine knows to end, too. */
async function startEngine(directory: string): Promise<ChildProcess> {
  const logPath = join(directory, 'engine.log');
  const log = await open(logPath, 'a', 0o600);
  const engine = spawn(process.execPath, [...typescriptArguments, ENGINE, directory], {
    detached: true,
    stdio: ['pipe', 'pipe', log.fd],
  });
  const stdout = engine.stdout as Readable;
  const isReady = await Promise.race([
    once(stdout, 'data').then(() => true),
    once(engine, 'exit').then(() => false),
  ]);
  await log.close();
  if (!isReady) {
    const said = await readFile(logPath, 'utf8');
    await removeReplica(directory);
    throw new ReplicaError(withRemedy(said.trim()));
  }
  stdout.destroy();
  (engine.stdin as Writable & { unref(): void }).unref();
  engine.unref();
  return engine;
}
