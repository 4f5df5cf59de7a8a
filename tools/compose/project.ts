import { once } from 'node:events';
import { CALLED } from '../called.ts';
import type { Service } from './compose-file.ts';
import { withRemedy } from './disk-full.ts';
import { startEngine } from './engine-process.ts';
import type { Progress } from './engine-state.ts';
import { ComposeError } from './errors.ts';
import { imageOf, postgresSocketDirectory } from './images.ts';
import { layoutOf, type ReplicaRecord, readEngineRecord, readReplicaRecord } from './layout.ts';
import { makeDirectory } from './make.ts';
import { postgresPrograms } from './postgres-programs.ts';
import { isRunning } from './processes.ts';
import { ask } from './protocol.ts';
import { serverPortsOf } from './server-ports.ts';
import { postgresMajor } from './servers.ts';
import { type Stack, sourceOf } from './source.ts';
import { readStack } from './stack.ts';
import { removeReplica } from './sweep.ts';

/** What a project is made from. */
export interface ProjectRecipe {
  stack: Stack;
  /** Variables of the compose file, with a free port of 127.0.0.1 for each. */
  ports: Record<string, number>;
  /** Where projects live, one directory each. */
  home: string;
  /** Images that are taken in the place of those of the compose file, by their services. */
  images?: Record<string, string>;
}

/** A compose project whose services are processes of this machine. */
export interface Project {
  /** Also the compose project name: `runbook-` and eight hexadecimal digits. */
  id: string;
  /** `<home>/<id>`: where everything of it lies; what `removeReplica` takes. */
  home: string;
  /** The copy of the stack, in which commands find the compose file. */
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
 * process. No service runs before `up`. `progress` is told where a server is of another version than the compose file
 * says. Throws ComposeFileError for a compose.yaml that cannot be read, ComposeError
 * where the project cannot be made.
 */
export async function createProject(
  recipe: ProjectRecipe,
  progress: Progress = () => undefined,
): Promise<Project> {
  const { ports, images = {} } = recipe;
  const stack = sourceOf(recipe.stack);
  // Before anything is made, so that a message names the person's own file.
  const own = stack.path === null ? null : await readStack(stack.path, { id: 'replica', ports, images });
  const serverPorts = await serverPortsOf(own ?? []);
  const made = await makeDirectory({ ...recipe, stack, serverPorts, images }).catch((error: Error) => {
    throw new ComposeError(withRemedy(`cannot make a replica in ${recipe.home}: ${error.message}`));
  });
  const { directory, record } = made;
  const services = own ?? (await readStack(layoutOf(directory, record).composeFile, record));
  for (const line of await standIns(services)) progress(line);
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
    throw new ComposeError(`the replica ${record.id} does not run any more: ${CALLED} down ${record.id}`);
  }
  return { ...projectOf(directory, record), down: () => removeReplica(directory) };
}

/** What the compose file names and what is there instead, for each server that is of another major version. */
async function standIns(services: readonly Service[]): Promise<string[]> {
  const servers = services.filter((service) => imageOf(service) === 'postgres');
  const lines = servers.map(async ({ image }) => {
    const major = postgresMajor(image);
    if (major === null) return [];
    const { version } = await postgresPrograms(major);
    if (version.split('.')[0] === major) return [];
    const remedy = `\`${CALLED} doctor --install --postgres ${major}\` fetches that version, and --replica docker takes the image itself`;
    return [`${image} is stood in for by PostgreSQL ${version}: ${remedy}`];
  });
  return (await Promise.all(lines)).flat();
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
