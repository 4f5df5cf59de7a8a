import { expect, it } from 'vitest';
import { ChangeCount } from '../../tools/host/wal/changes.ts';
import { requireReadable, type WalRecord } from '../../tools/host/wal/decoder.ts';

it.each([
  [13, 'this is PostgreSQL 13, and the log is read of versions 14 to 18'],
  [19, 'this is PostgreSQL 19, and the log is read of versions 14 to 18'],
])('of a version that may write its log in another way nothing is told: %s', (major, why) => {
  expect(() => requireReadable(major)).toThrow(why);
  for (const known of [14, 15, 16, 17, 18]) requireReadable(known);
});

const [TRANSACTION, HEAP] = [1, 10];
const [COMMIT, COMMIT_PREPARED, HAS_INFO] = [0x00, 0x30, 0x80];
const ASKS_FOR_ANSWER = 0x20000000;

const record = (more: Partial<WalRecord>): WalRecord => ({
  ...{ xid: 0, manager: TRANSACTION, info: 0, relations: [], main: Buffer.alloc(0) },
  ...more,
});

/** How a transaction ended, in a session that a block began, or in another one. */
function end(operation: number, xid: number, isMarked = true): WalRecord {
  const main = Buffer.alloc(12);
  main.writeUInt32LE(isMarked ? ASKS_FOR_ANSWER : 0, 8);
  return record({ xid, info: operation | HAS_INFO, main });
}

const inserted = (xid: number) => record({ xid, manager: HEAP, relations: [{ database: 1, node: 2 }] });

function countOf(...records: WalRecord[]): ChangeCount {
  const count = new ChangeCount();
  for (const one of records) count.take(one);
  return count;
}

it('a transaction that a block has prepared and committed is not said to have changed nothing', () => {
  expect(() => countOf(inserted(7), end(COMMIT_PREPARED, 0))).toThrow('cannot be counted');
  expect(countOf(inserted(7), end(COMMIT_PREPARED, 0, false)).committed).toEqual([]);
});

it('commits are counted, of which the log may hold no row', () => {
  const { committed, commits } = countOf(inserted(7), end(COMMIT, 7), end(COMMIT, 8), end(COMMIT, 9, false));
  expect([committed, commits]).toEqual([[{ database: 1, node: 2, inserted: 1, updated: 0, deleted: 0 }], 2]);
  expect(countOf(end(COMMIT, 0)).commits).toBe(0);
});
