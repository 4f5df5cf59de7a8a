import { once } from 'node:events';
import { withRemedy } from './disk-full.ts';
import { startEngine } from './engine-process.ts';
import type { Progress } from './engine-state.ts';
import { ComposeError } from './errors.ts';
import { postgresSocketDirectory } from './images.ts';
import { layoutOf, type ReplicaRecord, readEngineRecord, readReplicaRecord } from './layout.ts';
import { makeDirectory, type ProjectRecipe } from './make.ts';
import { isRunning } from './processes.ts';
import { ask } from './protocol.ts';
import { readStack } from './stack.ts';
import { removeReplica } from './sweep.ts';

/** A compose project whose services are processes of this machine. */
export interface Project {
  /** Also the compose project name: `runbook-` and eight hexadecimal digits. */
  id: string;
  /** `<home>/<id>`: where everything of it lies; what `removeReplica` takes. */
  home: string;
  /** The copy of the stack, in which commands find compose.yaml. */
  directory: string;
  /** The directory of its `docker` command. */
  bin: string;
  ports: Record<string, number>;
  /** The directory of the socket of a PostgreSQL service, whose port is 5432. */
  postgresSockets(service: string): string;
  /**
   * Starts the named services, or all where none is named, with what they depend on, and waits until each is
   * healthy. `progress` is told what happens, in Docker's words. Throws ComposeError.
   */
  up(services: string[], progress?: Progress): Promise<void>;
  /** Lets the project outlive the process that made it, until `removeReplica` ends it. Throws ComposeError. */
  keep(): Promise<void>;
  /** Ends every process and removes every directory. Safe to call twice. */
  down(): Promise<void>;
}

/**
 * Makes a project: its directory, its `docker` command, and the engine that owns its services and watches this
 * process. No service runs before `up`. Throws ComposeFileError for a compose.yaml that cannot be read, ComposeError
 * where the project cannot be made.
 */
export async function createProject(recipe: ProjectRecipe): Promise<Project> {
  // Before anything is made, so that a message names the person's own file. Any ports will do for this.
  const anyPorts = Object.fromEntries(Object.keys(recipe.ports).map((name) => [name, 1]));
  await readStack(recipe.stack, 'replica', anyPorts);
  const { directory, record } = await makeDirectory(recipe).catch((error: Error) => {
    throw new ComposeError(withRemedy(`cannot make a replica in ${recipe.home}: ${error.message}`));
  });
  const engine = await startEngine(directory);
  const ended = once(engine, 'exit');
  return {
    ...projectOf(directory, record),
    async down() {
      await removeReplica(directory);
      // Else nothing would keep this process alive until then, and Node would end it in the middle.
      engine.ref();
      await ended;
    },
  };
}

/**
 * A project that was kept by the process that made it; `directory` is `<home>/<id>`.
 * Throws ComposeError where it does not run any more.
 */
export async function openProject(directory: string): Promise<Project> {
  const record = await readReplicaRecord(directory);
  const engine = readEngineRecord(directory)?.engine;
  if (!engine || !isRunning(engine)) {
    throw new ComposeError(
      `the replica ${record.id} does not run any more: npm run -s runbook -- down ${record.id}`,
    );
  }
  return { ...projectOf(directory, record), down: () => removeReplica(directory) };
}

/** A project whose engine runs, but for what its maker alone can do. */
function projectOf(directory: string, record: ReplicaRecord): Omit<Project, 'down'> {
  const layout = layoutOf(directory, record);
  return {
    id: record.id,
    home: directory,
    directory: layout.project,
    bin: layout.bin,
    ports: record.ports,
    postgresSockets: (service) => postgresSocketDirectory(service, layout),
    async up(services, progress) {
      const request = { ask: 'up', services, wait: true, dependencies: true, recreate: false } as const;
      await ask(layout.engineSocket, request, progress);
    },
    async keep() {
      await ask(layout.engineSocket, { ask: 'keep' });
    },
  };
}
