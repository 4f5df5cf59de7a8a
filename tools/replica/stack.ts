import { dirname, join } from 'node:path';
import {
  ComposeError,
  ComposeFileError,
  composeFileAt,
  postgresMajor,
  readComposeDocument,
  type Stack,
} from '../compose/index.ts';
import { ReplicaError } from './replica.ts';

/** A stack whose compose.yaml cannot be read; `message` begins with its path and, where there is one, the place. */
export class StackError extends ReplicaError {
  override name = 'StackError';
}

/** The names of the services in a stack's compose file. Throws StackError where it cannot be read. */
export async function readServiceNames(stack: string): Promise<string[]> {
  const { value } = await readComposeDocument(composeFileAt(stack)).catch(throwReplicaError);
  return Object.keys(value.services);
}

/**
 * A compose file, and what its services are built from and read their variables from. What else stands beside it is nobody's
 * stack.
 */
export async function filesOfStack(file: string): Promise<string[]> {
  const here = dirname(file);
  const document = await readComposeDocument(file).catch(() => null);
  const services = Object.values(document?.value.services ?? {}) as { build?: unknown; env_file?: unknown }[];
  const named = services.flatMap(({ build, env_file }) => [contextOf(build), env_file].flat());
  const paths = named.filter((path) => typeof path === 'string').map((path) => join(here, path));
  return [file, join(here, '.env'), ...new Set(paths)];
}

const contextOf = (build: unknown): unknown =>
  typeof build === 'object' && build !== null ? ((build as { context?: unknown }).context ?? '.') : build;

/** The major version of PostgreSQL that a service's image names; null where it names none. Throws as readServiceNames. */
export async function readPostgresMajor(stack: Stack, service: string): Promise<string | null> {
  const { services } =
    typeof stack === 'string'
      ? (await readComposeDocument(composeFileAt(stack)).catch(throwReplicaError)).value
      : stack;
  const { image } = (services[service] ?? {}) as { image?: unknown };
  return postgresMajor(String(image));
}

/** Throws what compose says as StackError or ReplicaError, in the same words, and any other error as it is. */
export function throwReplicaError(error: unknown): never {
  if (!(error instanceof ComposeError)) throw error;
  const Kind = error instanceof ComposeFileError ? StackError : ReplicaError;
  throw new Kind(error.message, { cause: error });
}
