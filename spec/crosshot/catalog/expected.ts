import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Catalog } from './read.ts';

/** What schema `public` holds before the migration, with no version table yet. */
export const before: Catalog = complete(load('before.yaml'), {});

/** What it holds at head. */
export const after: Catalog = complete(load('before.yaml'), load('added.yaml'));

/** What a downgrade to base leaves: as before, and the empty version table and the extensions stay. */
export const afterDowngrade: Catalog = {
  ...before,
  tables: { ...before.tables, alembic_version: after.tables.alembic_version as Catalog['tables'][string] },
  extensions: after.extensions,
};

type Facts = { [Part in keyof Catalog]?: Catalog[Part] };

function load(name: string): Facts {
  return parse(readFileSync(join(import.meta.dirname, name), 'utf8'));
}

function complete(first: Facts, second: Facts): Catalog {
  const names = Object.keys({ ...first.tables, ...second.tables });
  return {
    tables: Object.fromEntries(
      names.map((name) => [name, addTable(first.tables?.[name], second.tables?.[name])]),
    ),
    sequences: { ...first.sequences, ...second.sequences },
    views: Object.fromEntries(
      Object.entries(second.views ?? {}).map(([name, view]) => [
        name,
        { ...view, indexes: view.indexes ?? {} },
      ]),
    ),
    functions: second.functions ?? {},
    extensions: second.extensions ?? [],
  };
}

type Table = Catalog['tables'][string];

function addTable(old: Partial<Table> = {}, added: Partial<Table> = {}): Table {
  return {
    columns: [...(old.columns ?? []), ...(added.columns ?? [])],
    constraints: { ...old.constraints, ...added.constraints },
    indexes: { ...old.indexes, ...added.indexes },
  };
}
