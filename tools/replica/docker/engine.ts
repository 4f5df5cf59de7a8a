import { tellingSilence } from '../../host/silence.ts';
import { within } from '../../host/within.ts';
import { CannotRun } from '../../outcome/output.ts';
import { ReplicaError } from '../replica.ts';
import { docker } from './docker.ts';
import { OR_EMBEDDED } from './failures.ts';

/** A Docker engine that answers, and the Compose plugin beside the docker command. */
export interface Engine {
  /** E.g. `28.2.2`. */
  version: string;
  compose: string;
}

const OLDEST = { engine: [20, 10], compose: [2, 20] } as const;

/** An engine that is well says its version at once. */
const PATIENCE_MS = 30_000;

/**
 * Asks the engine and the plugin for their versions. `say` is told while nothing comes of it. Throws ReplicaError where one
 * is missing, too old, or does not answer.
 */
export async function findEngine(say: (line: string) => void = () => undefined): Promise<Engine> {
  const version = await tellingSilence(askVersion(), 'the Docker engine', say);
  const compose = (await docker(['compose', 'version', '--short'])).replace(/^v/, '');
  requireVersion('the Docker engine', version, OLDEST.engine);
  requireVersion('Docker Compose', compose, OLDEST.compose);
  return { version, compose };
}

const askVersion = (): Promise<string> =>
  within(
    'the Docker engine',
    (signal) => docker(['version', '--format', '{{.Server.Version}}'], { signal }),
    PATIENCE_MS,
  ).catch((error) => {
    if (!(error instanceof CannotRun)) throw error;
    throw new ReplicaError(`${error.message}: start it anew${OR_EMBEDDED}`);
  });

/** Throws ReplicaError where `version` is older than `oldest`, as major and minor number. */
export function requireVersion(what: string, version: string, oldest: readonly [number, number]): void {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new ReplicaError(
    `${what} is too old: it is ${version}, and must be ${oldest.join('.')} or newer: update it${OR_EMBEDDED}`,
  );
}
