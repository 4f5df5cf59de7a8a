import type pg from 'pg';
import type { TableChange } from '../../outcome/effects.ts';
import type { RowChanges } from './changes.ts';

/** The relations of a database by their numbers, and the names of all databases. */
export interface Relations {
  database: number;
  databases: ReadonlyMap<number, string>;
  /** By the number of the file that it is in, which a table that is written anew changes. */
  byNode: ReadonlyMap<number, Relation>;
  byId: ReadonlyMap<number, Relation>;
  /** Tables whose rows the log does not hold. */
  unlogged: string[];
}

interface Relation {
  id: number;
  node: number;
  name: string;
  kind: string;
  isCatalog: boolean;
}

const QUERY = `SELECT c.oid, pg_relation_filenode(c.oid), c.relkind, n.nspname,
    CASE WHEN n.nspname IN ('public', 'pg_catalog') THEN c.relname ELSE n.nspname || '.' || c.relname END,
    c.relpersistence = 'u' AND c.relkind <> 't'
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'p', 'v', 'f', 'S', 't')`;

/** Reads them; the client is of the database that they are in. */
export async function readRelations(client: pg.Client): Promise<Relations> {
  const array = <Row extends string[]>(text: string) => client.query<Row>({ text, rowMode: 'array' });
  const databases = await array<[string, string, string]>(
    'SELECT oid, datname, datname = current_database() FROM pg_catalog.pg_database',
  );
  const { rows } = await array<[string, string, string, string, string, string]>(QUERY);
  const relations = rows.map(
    ([id, node, kind, schema, name]): Relation => ({
      id: Number(id),
      node: Number(node),
      name,
      kind,
      isCatalog: schema === 'pg_catalog',
    }),
  );
  return {
    database: Number(databases.rows.find(([, , isThis]) => isThis === 't')?.[0]),
    databases: new Map(databases.rows.map(([id, name]) => [Number(id), name])),
    // What holds no rows of its own, as a view, is in no file.
    byNode: new Map(relations.filter(({ node }) => node !== 0).map((relation) => [relation.node, relation])),
    byId: new Map(relations.map((relation) => [relation.id, relation])),
    unlogged: rows.flatMap(([, , , , name, isUnlogged]) => (isUnlogged === 't' ? [name] : [])).sort(),
  };
}

/** The planner's own: ANALYZE writes them, and they are no data. */
const STATISTICS = new Set(['pg_statistic', 'pg_statistic_ext_data']);

/** Shared by all databases, such as the list of them. */
const SHARED = 0;

/** Whether a relation of these changes may have come to be, gone, or moved since `known` was read. */
export function isStale(known: Relations, changes: RowChanges[]): boolean {
  return changes.some(({ database, node }) => {
    if (database !== known.database && database !== SHARED) return !known.databases.has(database);
    const relation = known.byNode.get(node);
    return relation === undefined || relation.isCatalog;
  });
}

/** Changes by name: what was there before a block, and after it. */
export function nameChanges(
  changes: RowChanges[],
  before: Relations,
  after: Relations,
): { tables: TableChange[]; catalog: TableChange[]; rewritten: string[] } {
  const [tables, catalog] = [new Map<string, TableChange>(), new Map<string, TableChange>()];
  for (const change of changes) {
    const named = nameOf(change, before, after);
    if (named === null) continue;
    const into = named.isCatalog ? catalog : tables;
    const { inserted, updated, deleted } = into.get(named.name) ?? { inserted: 0, updated: 0, deleted: 0 };
    into.set(named.name, {
      table: named.name,
      inserted: inserted + change.inserted,
      updated: updated + change.updated,
      deleted: deleted + change.deleted,
    });
  }
  const sorted = (all: Map<string, TableChange>) =>
    [...all.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
  return { tables: sorted(tables), catalog: sorted(catalog), rewritten: rewrittenIn(before, after) };
}

function nameOf(
  { database, node }: RowChanges,
  before: Relations,
  after: Relations,
): { name: string; isCatalog: boolean } | null {
  if (database !== SHARED && database !== after.database && database !== before.database) {
    const name = after.databases.get(database) ?? before.databases.get(database);
    return { name: name ? `the database ${name}` : 'a database that is gone', isCatalog: false };
  }
  const relation = after.byNode.get(node) ?? before.byNode.get(node);
  if (!relation) return { name: 'tables that are gone', isCatalog: false };
  if (relation.kind === 't' || (relation.isCatalog && STATISTICS.has(relation.name))) return null;
  return relation;
}

function rewrittenIn(before: Relations, after: Relations): string[] {
  if (before === after || before.database !== after.database) return [];
  return [...after.byId.values()].flatMap(({ id, node, name, kind, isCatalog }) => {
    const was = before.byId.get(id);
    return was && was.node !== node && !isCatalog && (kind === 'r' || kind === 'm') ? [name] : [];
  });
}
