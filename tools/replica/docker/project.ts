import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, delimiter, join, sep } from 'node:path';
import { holdsData, overrideOf, type StackSource } from '../../compose/index.ts';
import { localMark } from '../local-blocks.ts';
import { ReplicaError } from '../replica.ts';
import { labelsFor } from './labels.ts';

/** A replica's own copy of the stack, and what makes `docker compose` find it from anywhere. */
export interface Project {
  id: string;
  /** Holds `project` and `replica.json`. */
  home: string;
  directory: string;
  /** The name of the compose file in it. */
  file: string;
  environment: Record<string, string>;
}

/** Puts the stack into a new directory `home`. Throws ReplicaError where it cannot. */
export async function makeProject(
  stack: StackSource,
  home: string,
  id: string,
  ports: Record<string, number>,
): Promise<Project> {
  const directory = directoryIn(home);
  try {
    await mkdir(home, { recursive: true });
    await stack.fill(directory);
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw new ReplicaError(copyFailure(error as NodeJS.ErrnoException, home));
  }
  return projectAt(home, id, ports, stack.file);
}

/**
 * Writes into the project's directory what its environment says, so that a person who enters that of a kept replica, here
 * or on its host, needs to know nothing. An image that is built of the directory must have been: it is no one replica's.
 * Throws ReplicaError where it cannot.
 */
export async function writeSettings(project: Project, ports: Record<string, number>): Promise<void> {
  const files = filesOf(project).map((file) => basename(file));
  const settings = {
    COMPOSE_PROJECT_NAME: project.id,
    COMPOSE_FILE: files.join(':'),
    COMPOSE_PATH_SEPARATOR: ':',
  };
  const text = dotenv({ ...settings, ...variablesOf(ports) });
  await appendFile(join(project.directory, '.env'), text).catch((error) => {
    throw new ReplicaError(copyFailure(error, project.home));
  });
}

const variablesOf = (ports: Record<string, number>) =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));

/** The project in `home`, which has been made. */
export function projectAt(home: string, id: string, ports: Record<string, number>, file: string): Project {
  const directory = directoryIn(home);
  const environment = {
    COMPOSE_PROJECT_NAME: id,
    COMPOSE_FILE: filesOf({ directory, file }).join(delimiter),
    COMPOSE_PATH_SEPARATOR: delimiter,
    COMPOSE_PROFILES: '',
    ...variablesOf(ports),
    RUNBOOK_STATE: join(home, 'state'),
    ...localMark(id),
  };
  return { id, home, directory, file, environment };
}

const directoryIn = (home: string): string => join(home, 'project');

/** All that Compose reads of a replica, in its order. */
const filesOf = (project: Pick<Project, 'directory' | 'file'>): string[] => [
  ...composeFilesIn(project),
  join(project.directory, OVERRIDE),
];

/** The compose file with what Compose reads after it. */
export function composeFilesIn({ directory, file }: Pick<Project, 'directory' | 'file'>): string[] {
  const own = join(directory, file);
  const override = overrideOf(own);
  return override === null ? [own] : [own, override];
}

const dotenv = (variables: Record<string, string>) =>
  // What stood there may have no last line end.
  ['', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`), ''].join('\n');

function copyFailure({ code, message }: NodeJS.ErrnoException, home: string): string {
  if (code === 'ENOSPC') return `no room for the replica’s directory ${home}: free some of that disk`;
  return `the replica’s directory ${home} cannot be made: ${message}`;
}

/** Compose reads it after the compose file, which thus stays as it is. */
const OVERRIDE = 'compose.runbook.yaml';

/** What the compose file resolves to, as far as it matters here. */
export interface ComposeConfig {
  services: Record<string, ServiceConfig>;
  volumes?: Record<string, SharedConfig | null>;
  networks?: Record<string, SharedConfig | null>;
  secrets?: Record<string, object>;
}

export interface ServiceConfig {
  image?: string;
  build?: BuildConfig;
  platform?: string;
  command?: string[] | null;
  container_name?: string;
  volumes?: Mount[];
}

/** What an image is built of; the rest is Compose’s to read. */
export interface BuildConfig {
  context: string;
  dockerfile?: string;
  additional_contexts?: Record<string, string>;
  labels?: Record<string, string>;
  platforms?: string[];
}

interface Mount {
  type: string;
  source?: string;
  target: string;
  read_only?: boolean;
}

/** A volume or a network. */
interface SharedConfig {
  name?: string;
  external?: boolean;
}

/**
 * Says what makes the compose file one of a replica: labels on everything that Compose will make, the image of each
 * service, and nothing that it shares with another project, which would be the real one's own: no name that is not the
 * replica's, no volume or network of somebody else, and no directory outside of the replica that may be written.
 * `commands` are those of the servers that bear the replica's mark, without it.
 */
export async function writeOverride(
  project: Pick<Project, 'id' | 'home' | 'directory'>,
  config: ComposeConfig,
  images: Record<string, string>,
  commands: Record<string, string[]> = {},
): Promise<void> {
  const { id, directory } = project;
  const labels = labelsFor(id, project.home);
  const own = ([name, shared]: [string, SharedConfig | null]) => [
    name,
    { labels, ...(isOwn(shared, `${id}_${name}`) ? {} : { name: `${id}_${name}`, external: false }) },
  ];
  const services = Object.entries(config.services).map(([name, service]) => {
    const command = commands[name];
    const shared = (service.volumes ?? []).filter((volume) => isShared(volume, directory));
    return [
      name,
      {
        ...{ image: images[name], labels },
        ...(command ? { command: [...command, '-c', `runbook.replica=${id}`] } : {}),
        ...(service.container_name ? { container_name: `${id}-${name}-1` } : {}),
        ...(shared.length > 0 ? { volumes: shared.map(({ target }) => ({ type: 'volume', target })) } : {}),
      },
    ];
  });
  const override = {
    services: Object.fromEntries(services),
    volumes: Object.fromEntries(Object.entries(config.volumes ?? {}).map(own)),
    networks: Object.fromEntries(Object.entries({ default: null, ...config.networks }).map(own)),
  };
  // JSON is YAML, too.
  await writeFile(join(project.directory, OVERRIDE), `${JSON.stringify(override, null, 2)}\n`);
}

const isOwn = (shared: SharedConfig | null, name: string): boolean =>
  !shared?.external && (shared?.name === undefined || shared.name === name);

/** Whether a mount would let a replica write outside of its own directory, or over a server's data that lie in it. */
function isShared({ type, source, target, read_only }: Mount, directory: string): boolean {
  if (type !== 'bind' || source === undefined) return false;
  const isInside = source === directory || source.startsWith(`${directory}${sep}`);
  return isInside ? holdsData(target) : read_only !== true;
}
