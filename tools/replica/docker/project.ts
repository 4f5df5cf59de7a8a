import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { localMark } from '../local-blocks.ts';
import { ReplicaError } from '../replica.ts';
import { labelsFor } from './labels.ts';

/** A replica's own copy of the stack, and what makes `docker compose` find it from anywhere. */
export interface Project {
  id: string;
  /** Holds `project` and `replica.json`. */
  home: string;
  directory: string;
  environment: Record<string, string>;
}

/** Copies the stack into a new directory `home`. Throws ReplicaError where it cannot. */
export async function makeProject(
  stack: string,
  home: string,
  id: string,
  ports: Record<string, number>,
): Promise<Project> {
  const { directory } = projectAt(home, id, ports);
  try {
    await mkdir(home, { recursive: true });
    await cp(stack, directory, {
      recursive: true,
      filter: (path) => basename(path) !== 'node_modules',
    });
    // A person who enters the directory of a kept replica, here or on its host, then needs to know nothing.
    await writeFile(join(directory, '.env'), dotenv({ COMPOSE_PROJECT_NAME: id, ...variablesOf(ports) }));
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw new ReplicaError(copyFailure(error as NodeJS.ErrnoException, stack, home));
  }
  return projectAt(home, id, ports);
}

const variablesOf = (ports: Record<string, number>) =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));

/** The project in `home`, which has been made. */
export function projectAt(home: string, id: string, ports: Record<string, number>): Project {
  const directory = join(home, 'project');
  const files = [join(directory, 'compose.yaml'), join(directory, OVERRIDE)];
  const environment = {
    COMPOSE_PROJECT_NAME: id,
    COMPOSE_FILE: files.join(delimiter),
    COMPOSE_PATH_SEPARATOR: delimiter,
    COMPOSE_PROFILES: '',
    ...variablesOf(ports),
    RUNBOOK_STATE: join(home, 'state'),
    ...localMark(id),
  };
  return { id, home, directory, environment };
}

const dotenv = (variables: Record<string, string>) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

function copyFailure({ code, message }: NodeJS.ErrnoException, stack: string, home: string): string {
  if (code === 'ENOSPC') return `no room for the replica’s directory ${home}: free some of that disk`;
  if (code === 'ENOENT')
    return `${stack}: there is no such directory; the front matter’s replica.stack names it`;
  return `the replica’s directory ${home} cannot be made: ${message}`;
}

/** Compose reads it after compose.yaml, which thus stays as it is. */
const OVERRIDE = 'compose.override.yaml';

/** What compose.yaml resolves to, as far as it matters here. */
export interface ComposeConfig {
  services: Record<string, { image?: string; build?: { context: string; dockerfile?: string } }>;
  volumes?: Record<string, unknown>;
  networks?: Record<string, unknown>;
}

/** Labels everything that compose will make, and gives each service the image that `images` names. */
export async function writeOverride(
  project: Pick<Project, 'id' | 'home' | 'directory'>,
  config: ComposeConfig,
  images: Record<string, string>,
): Promise<void> {
  const labels = labelsFor(project.id, project.home);
  const each = (names: object | undefined, value: (name: string) => object) =>
    Object.fromEntries(Object.keys(names ?? {}).map((name) => [name, value(name)]));
  const override = {
    services: each(config.services, (name) => ({ image: images[name], labels })),
    volumes: each(config.volumes, () => ({ labels })),
    networks: each({ default: null, ...config.networks }, () => ({ labels })),
  };
  // JSON is YAML, too.
  await writeFile(join(project.directory, OVERRIDE), `${JSON.stringify(override, null, 2)}\n`);
}
