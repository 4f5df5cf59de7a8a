import { dirname, resolve } from 'node:path';
import type { Document } from '../document/document.ts';
import type { DataSize } from '../text/data-size.ts';
import { homeIn, replicasOf } from '../text/home.ts';
import type { DumpTarget } from './dump.ts';
import { type Replica, ReplicaError, type ReplicaRecipe } from './replica.ts';
import { readPostgresMajor, readServiceNames } from './stack.ts';

/** What the front matter says of replicas, with absolute paths. Throws ReplicaError where it says nothing. */
export function recipeOf({ frontMatter, path }: Document): ReplicaRecipe {
  const { replica, database } = frontMatter;
  if (!replica || !database) {
    throw new ReplicaError(`${path}:1:1: a rehearsal needs \`replica\` and \`database\` in the front matter`);
  }
  const here = dirname(resolve(path));
  const stack = resolve(here, replica.stack);
  return { stack, ports: replica.ports, database, home: replicasOf(homeIn(here)) };
}

/** The names in the stack's compose file. Throws StackError where it cannot be read. */
export const servicesOf = ({ stack }: ReplicaRecipe): Promise<string[]> => readServiceNames(stack);

/** The database of the recipe as a dump must fit it. */
export const dumpTargetOf = async ({ stack, database }: ReplicaRecipe): Promise<DumpTarget> => ({
  database: database.name,
  major: await readPostgresMajor(stack, database.service),
});

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
