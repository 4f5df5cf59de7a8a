import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { composeFileAt, readComposeDocument } from '../compose/index.ts';
import { throwReplicaError } from './stack.ts';

/** A service of a compose file whose image is PostgreSQL's, with its superuser and the database that it makes. */
export interface FoundServer {
  service: string;
  user: string;
  name: string;
}

/** The name of the compose file in a directory; null where it has none. */
export function composeFileIn(directory: string): string | null {
  const file = composeFileAt(directory);
  return existsSync(file) ? basename(file) : null;
}

/** What a compose file says that a new runbook needs to know. */
export interface FoundStack {
  /** Its PostgreSQL services, in its order. */
  servers: FoundServer[];
  /** The variables by which it lets others say which ports it publishes. */
  ports: string[];
}

/** Throws StackError where the file cannot be read. */
export async function readFoundStack(file: string): Promise<FoundStack> {
  const { value } = await readComposeDocument(file).catch(throwReplicaError);
  return { servers: serversIn(value.services), ports: portsIn(Object.values(value.services)) };
}

function serversIn(services: Record<string, object>): FoundServer[] {
  return Object.entries(services).flatMap(([service, given]) => {
    const { image, environment } = given as { image?: unknown; environment?: unknown };
    if (!/(?:^|[/-])(?:postgres|postgis|pgvector|timescaledb(?:-ha)?):?/.test(String(image ?? ''))) return [];
    const variables = variablesOf(environment);
    const user = variables.POSTGRES_USER ?? 'postgres';
    return [{ service, user, name: variables.POSTGRES_DB ?? user }];
  });
}

function portsIn(services: { ports?: unknown }[]): string[] {
  const ports = services.flatMap(({ ports: some }) => (Array.isArray(some) ? some : []));
  const texts = ports.map((port) =>
    typeof port === 'object' ? String(port?.published ?? '') : String(port),
  );
  return [...new Set(texts.flatMap((text) => /\$\{(\w{1,100})/.exec(text)?.[1] ?? []))];
}

/** A list of `NAME=value`, or a mapping; where a value is a variable, its default. */
function variablesOf(environment: unknown): Record<string, string> {
  const pairs: [string, unknown][] = Array.isArray(environment)
    ? environment.map((line) => [
        String(line).split('=')[0] ?? '',
        String(line).split('=').slice(1).join('='),
      ])
    : Object.entries(environment ?? {});
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => {
      const text = String(value ?? '').replace(/^\$\{\w+:?-([^}]*)\}$/, '$1');
      return text === '' || text.includes('$') ? [] : [[name, text]];
    }),
  );
}
