import { type HeldLock, LOOKS_EVERY_MS } from '../expect/subject.ts';
import { count } from '../text/count.ts';

export { LOOKS_EVERY_MS };

/** What a block's sessions did to the database, as the server's log of changes has it. */
export interface Effects {
  /** Rows by table, of committed transactions alone; a schema but `public` stands before the name. */
  tables: TableChange[];
  /** The same of the system catalogs, but for statistics: what was created, altered or dropped. */
  catalog: TableChange[];
  /** Tables that were emptied or written anew, such as by TRUNCATE. */
  rewritten: string[];
  /** Where something was committed: the tables whose rows the log does not hold, so that nobody knows of them. */
  unlogged?: string[];
  /** Locks of mode SHARE and above on tables that were there before, as sampled while the block ran. */
  locks: HeldLock[];
  /** The longest time between two looks at the locks; not in a journal of an older version. */
  looks_apart_ms?: number;
  /** What the whole server wrote to its log meanwhile. */
  wal_bytes: number;
}

export interface TableChange {
  table: string;
  inserted: number;
  updated: number;
  deleted: number;
}

/** Why it is not known what a block did. */
export interface Unmeasured {
  unmeasured: string;
}

export const isMeasured = (effects: Effects | Unmeasured | undefined): effects is Effects =>
  effects !== undefined && !('unmeasured' in effects);

/** How long a lock can have been held between two looks at them. */
export const looksApartMs = ({ looks_apart_ms: ms = LOOKS_EVERY_MS }: Effects): number =>
  Math.max(ms, LOOKS_EVERY_MS);

/** What has changed, in words: empty where nothing has. */
export function changesOf({ tables, catalog, rewritten, unlogged = [] }: Effects): string[] {
  return [
    ...tables.map((change) => `${change.table}: ${rowWords(change)}`),
    ...rewritten.map((table) => `${table}: written anew`),
    ...(catalog.length > 0 ? [`catalog: ${someNames(catalog.map(({ table }) => table))}`] : []),
    ...(unlogged.length > 0
      ? [`perhaps, as the log does not hold them, rows of ${someNames(unlogged)}`]
      : []),
  ];
}

const MOST_NAMED = 4;

function someNames(names: string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function rowWords({ inserted, updated, deleted }: TableChange): string {
  const parts = [
    [inserted, 'inserted'],
    [updated, 'updated'],
    [deleted, 'deleted'],
  ] as const;
  return parts.flatMap(([rows, did]) => (rows === 0 ? [] : [`${count(rows, 'row')} ${did}`])).join(', ');
}
