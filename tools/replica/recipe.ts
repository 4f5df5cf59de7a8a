import { dirname, resolve } from 'node:path';
import type { MadeStack } from '../compose/index.ts';
import type { Document } from '../document/document.ts';
import type { DataSize } from '../text/data-size.ts';
import { homeIn, replicasOf } from '../text/home.ts';
import type { DumpTarget } from './dump.ts';
import { type Replica, ReplicaError, type ReplicaRecipe } from './replica.ts';
import { readPostgresMajor, readServiceNames } from './stack.ts';

/**
 * What the front matter says of replicas, with absolute paths: its stack or, where it names none, one of nothing but its
 * database, or of nothing at all. Throws ReplicaError where it names a service for a database, but no stack with it.
 */
export function recipeOf(document: Document): ReplicaRecipe {
  const { frontMatter, path } = document;
  const { replica, database = null } = frontMatter;
  const here = dirname(resolve(path));
  const stack = replica?.stack === undefined ? madeStack(document) : resolve(here, replica.stack);
  return { stack, ports: replica?.ports ?? [], database, home: replicasOf(homeIn(here)) };
}

/**
 * Of the database's image alone. Where there is no database either, the project's directory is all that a page of shell
 * needs, with the inputs of the page in it.
 */
function madeStack({ path, frontMatter: { database, inputs } }: Document): MadeStack {
  const here = dirname(resolve(path));
  const copied = Object.fromEntries(inputs.map((input) => [input, resolve(here, input)]));
  if (!database) return { services: {}, inputs: copied };
  const { service, user, name, image } = database;
  if (image === undefined) {
    const remedy =
      'name its compose file in `replica:`, or write only its image, as in `database: postgres:14`';
    throw new ReplicaError(
      `${path}:1:1: nothing here says where the service ${service} comes from: ${remedy}`,
    );
  }
  const environment = { POSTGRES_USER: user, POSTGRES_DB: name, POSTGRES_HOST_AUTH_METHOD: 'trust' };
  // Over TCP: while the image initialises the database, its server answers on the socket only.
  const test = ['CMD', 'pg_isready', '-h', '127.0.0.1', '-U', user, '-d', name];
  const healthcheck = { test, interval: '1s', start_period: '60s' };
  return { services: { [service]: { image, environment, healthcheck } }, inputs: copied };
}

/** The names in the stack's compose file. Throws StackError where it cannot be read. */
export const servicesOf = async ({ stack }: ReplicaRecipe): Promise<string[]> =>
  typeof stack === 'string' ? readServiceNames(stack) : Object.keys(stack.services);

/** The database of the recipe as a dump must fit it; null where there is none. */
export async function dumpTargetOf({ stack, database, postgres }: ReplicaRecipe): Promise<DumpTarget | null> {
  const major = postgres ?? (database && (await readPostgresMajor(stack, database.service)));
  return database && { database: database.name, major };
}

/** Where blocks on this machine run: beside the runbook or, where the page is all shell, in the replica's directory. */
export const localDirectoryOf = (document: Document, { directory }: Replica): string =>
  isAllShell(document) ? directory : dirname(resolve(document.path));

/** Whether a page has neither a stack nor a database: nothing but its shell blocks. */
const isAllShell = ({ frontMatter: { replica, database } }: Document): boolean =>
  database === undefined && replica?.stack === undefined;

/** The seed's files for a size of data. */
export function seedFiles({ frontMatter, path }: Document, data: DataSize): string[] {
  const here = dirname(resolve(path));
  return (frontMatter.replica?.seed ?? []).map((file) => resolve(here, file.replaceAll('{data}', data)));
}

/** The document's variables, with the replica's own where it says otherwise; `{NAME}` is the port given to NAME. */
export function variablesOf({ frontMatter }: Document, { ports }: Replica): Record<string, string> {
  const fill = (value: string) =>
    value.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(ports[name] ?? whole));
  const own = Object.entries(frontMatter.replica?.variables ?? {}).map(([name, value]) => [
    name,
    fill(value),
  ]);
  return { ...frontMatter.variables, ...(Object.fromEntries(own) as Record<string, string>) };
}
