import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { NEVER, orInterrupted } from '../../interruption.ts';
import { type Replica, ReplicaError, type ReplicaRecipe } from '../replica.ts';
import { withRemedy } from './disk-full.ts';
import { postgresSocketDirectory } from './images.ts';
import { layoutOf } from './layout.ts';
import { makeDirectory } from './make.ts';
import { typescriptArguments } from './node-runtime.ts';
import { ask } from './protocol.ts';
import { removeReplica } from './sweep.ts';

/** A replica whose servers are processes of this machine. */
export interface EmbeddedReplica extends Replica {
  kind: 'embedded';
  /** `<home>/<id>`: what `removeReplica` takes. */
  home: string;
  /** Lets the replica outlive this process, until `removeReplica` ends it. */
  keep(): Promise<void>;
}

const ENGINE = fileURLToPath(new URL('engine.ts', import.meta.url));

/**
 * Makes a replica without a Docker engine: its directory, its ports, its `docker` command, and the process
 * that owns its services and watches this one. No service runs before `up`. `progress` is told what `up`
 * does. Throws ReplicaError where it cannot be made.
 */
export async function createEmbeddedReplica(
  recipe: ReplicaRecipe,
  progress?: (line: string) => void,
): Promise<EmbeddedReplica> {
  const { directory, record } = await makeDirectory(recipe).catch((error: Error) => {
    throw new ReplicaError(withRemedy(`cannot make a replica in ${recipe.home}: ${error.message}`));
  });
  const layout = layoutOf(directory, record);
  const ports = Object.fromEntries(Object.entries(record.ports).map(([name, port]) => [name, String(port)]));
  const engine = await startEngine(directory);
  const database = join(postgresSocketDirectory(recipe.database.service, layout), '.s.PGSQL.5432');
  return {
    kind: 'embedded',
    id: record.id,
    home: directory,
    directory: layout.project,
    environment: {
      PATH: [layout.bin, process.env.PATH].join(delimiter),
      COMPOSE_PROJECT_NAME: record.id,
      ...ports,
    },
    ports: record.ports,
    async up(services = [], signal = NEVER) {
      const request = { ask: 'up', services, wait: true, dependencies: true, recreate: false } as const;
      await orInterrupted(ask(layout.engineSocket, request, progress), signal, 'the replica was starting');
    },
    connectDatabase: () => connect(database),
    async keep() {
      await ask(layout.engineSocket, { ask: 'keep' });
    },
    async down() {
      await removeReplica(directory);
      if (engine.exitCode === null && engine.signalCode === null) await once(engine, 'exit');
    },
  };
}

/** Its standard input is the rope between the two: it closes when this process ends, however it ends. */
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
