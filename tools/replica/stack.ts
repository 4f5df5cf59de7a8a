import { join } from 'node:path';
import { ComposeError, ComposeFileError, readComposeDocument } from '../compose/index.ts';
import { ReplicaError } from './replica.ts';

/** A stack whose compose.yaml cannot be read; `message` begins with its path and, where there is one, the place. */
export class StackError extends ReplicaError {
  override name = 'StackError';
}

/** The names of the services in a stack's compose file. Throws StackError where it cannot be read. */
export async function readServiceNames(stack: string): Promise<string[]> {
  const { value } = await readComposeDocument(join(stack, 'compose.yaml')).catch(throwReplicaError);
  return Object.keys(value.services);
}

/** The major version of PostgreSQL that a service's image names; null where it names none. Throws as readServiceNames. */
export async function readPostgresMajor(stack: string, service: string): Promise<string | null> {
  const { value } = await readComposeDocument(join(stack, 'compose.yaml')).catch(throwReplicaError);
  const { image } = (value.services[service] ?? {}) as { image?: unknown };
  return /(?:^|\/)postgres:(\d+)/.exec(String(image))?.[1] ?? null;
}

/** Throws what compose says as StackError or ReplicaError, in the same words, and any other error as it is. */
export function throwReplicaError(error: unknown): never {
  if (!(error instanceof ComposeError)) throw error;
  const Kind = error instanceof ComposeFileError ? StackError : ReplicaError;
  throw new Kind(error.message, { cause: error });
}
