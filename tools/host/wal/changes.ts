import { WalError, type WalRecord, type WalRelation } from './decoder.ts';

/** Rows that committed transactions changed in a relation. */
export interface RowChanges extends WalRelation {
  inserted: number;
  updated: number;
  deleted: number;
}

/**
 * What a session is started with, so that its commits can be told from those of others in the log: the flag by which a
 * commit asks standby servers for an answer. A replica has no standby, so nothing waits for one.
 */
export const MARKED_SESSION = '-c synchronous_commit=remote_apply';

const [TRANSACTION, HEAP2, HEAP, SEQUENCE] = [1, 9, 10, 15];

/** Of transactions. */
const OPERATION = 0x70;
const COMMIT = 0x00;
const ABORT = 0x20;
const COMMIT_PREPARED = 0x30;
const HAS_INFO = 0x80;
const HAS_DATABASE = 0x01;
const HAS_CHILDREN = 0x02;
const ASKS_FOR_ANSWER = 0x20000000;

/** Of rows. */
const [INSERT, DELETE, UPDATE, HOT_UPDATE, MULTI_INSERT] = [0x00, 0x10, 0x20, 0x40, 0x50];
/** A row that gave way to one of another session before anybody saw it: ON CONFLICT. */
const GAVE_WAY = 0x08;

type Tally = Map<string, RowChanges>;

/** Counts rows by transaction, and keeps those of the ones that committed in a marked session. */
export class ChangeCount {
  #open = new Map<number, Tally>();
  #kept: Tally = new Map();
  #commits = 0;

  /** Throws WalError of what cannot be counted. */
  take(record: WalRecord): void {
    if (record.manager === TRANSACTION) this.#end(record);
    const [relation] = record.relations;
    if (relation === undefined || record.xid === 0) return;
    const rows = changeOf(record);
    if (rows) this.#add(record.xid, relation, rows);
  }

  /** By relation; what was inserted and gave way again counts as nothing. */
  get committed(): RowChanges[] {
    return [...this.#kept.values()].filter(
      ({ inserted, updated, deleted }) => inserted + updated + deleted > 0,
    );
  }

  /** How many transactions of marked sessions committed that had a number, as each has that writes anything at all. */
  get commits(): number {
    return this.#commits;
  }

  #add(xid: number, relation: WalRelation, rows: Rows): void {
    const tally: Tally = this.#open.get(xid) ?? new Map();
    this.#open.set(xid, tally);
    addTo(tally, { ...relation, ...rows });
  }

  #end({ info, xid, main }: WalRecord): void {
    const operation = info & OPERATION;
    const flags = info & HAS_INFO ? main.readUInt32LE(8) : 0;
    const isMarked = (flags & ASKS_FOR_ANSWER) !== 0;
    if (operation === COMMIT_PREPARED && isMarked)
      throw new WalError('a prepared transaction was committed, and what it changed cannot be counted');
    if (operation !== COMMIT && operation !== ABORT) return;
    const isKept = operation === COMMIT && isMarked;
    if (isKept && xid !== 0) this.#commits++;
    for (const one of [xid, ...childrenIn(main, flags)]) {
      const tally = this.#open.get(one);
      this.#open.delete(one);
      if (isKept && tally) for (const changes of tally.values()) addTo(this.#kept, changes);
    }
  }
}

/** Its subtransactions' numbers: behind the time, the flags and, where it is, the database. */
function childrenIn(main: Buffer, flags: number): number[] {
  if ((flags & HAS_CHILDREN) === 0) return [];
  const at = 8 + 4 + (flags & HAS_DATABASE ? 8 : 0);
  return Array.from({ length: main.readInt32LE(at) }, (_, i) => main.readUInt32LE(at + 4 + 4 * i));
}

type Rows = Omit<RowChanges, keyof WalRelation>;

const rows = (more: Partial<Rows>): Rows => ({ inserted: 0, updated: 0, deleted: 0, ...more });

function changeOf({ manager, info, main }: WalRecord): Rows | null {
  const operation = info & OPERATION;
  if (manager === SEQUENCE) return rows({ updated: 1 });
  if (manager === HEAP2) return operation === MULTI_INSERT ? rows({ inserted: main.readUInt16LE(2) }) : null;
  if (manager !== HEAP) return null;
  if (operation === INSERT) return rows({ inserted: 1 });
  if (operation === UPDATE || operation === HOT_UPDATE) return rows({ updated: 1 });
  if (operation !== DELETE) return null;
  return main.readUInt8(7) & GAVE_WAY ? rows({ inserted: -1 }) : rows({ deleted: 1 });
}

function addTo(tally: Tally, { database, node, inserted, updated, deleted }: RowChanges): void {
  const key = `${database}/${node}`;
  const so = tally.get(key) ?? { database, node, ...rows({}) };
  tally.set(key, {
    ...so,
    inserted: so.inserted + inserted,
    updated: so.updated + updated,
    deleted: so.deleted + deleted,
  });
}
