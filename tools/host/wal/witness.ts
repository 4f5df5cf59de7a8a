import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Effects, Unmeasured } from '../../outcome/effects.ts';
import {
  type ConnectDatabase,
  closeClient,
  connectClient,
  type DatabaseLogin,
  MAINTENANCE,
} from '../database.ts';
import { ChangeCount } from './changes.ts';
import { requireReadable, WalDecoder } from './decoder.ts';
import { type LockWatch, watchLocks } from './locks.ts';
import { isStale, nameChanges, type Relations, readRelations } from './relations.ts';

/** Sees what blocks do to a replica's database. */
export interface Witness {
  /** Watches from now on. */
  watch(): Promise<Watch>;
  close(): Promise<void>;
}

export interface Watch {
  /** What was done since; it never throws, for a block's verdict does not hang on it. */
  end(): Promise<Effects | Unmeasured>;
}

/** So much of the log is read at once, of which a row of the answer must be no longer than is read of one. */
const CHUNK_BYTES = 4 * 1024 * 1024;

interface Seat {
  client: pg.Client;
  slot: string;
  timeline: number;
  segmentBytes: number;
  major: number;
  relations: Relations;
}

/**
 * A witness that sits in a database that no step drops, so that nobody has to wait for it; for names of tables it looks
 * into the login's own, between blocks only. A slot of its session keeps the log from being recycled unread. Where the
 * server was restarted, it sits down again at the next block.
 */
export function openWitness(connect: ConnectDatabase, login: DatabaseLogin): Witness {
  let seat: Seat | null = null;
  const leave = async () => {
    const { client } = seat ?? {};
    seat = null;
    if (client) await closeClient(client);
  };
  const unmeasured = async (error: unknown): Promise<Unmeasured> => {
    await leave();
    return { unmeasured: (error as Error).message };
  };
  return {
    async watch() {
      try {
        seat ??= await sitDown(connect, login);
        const here = seat;
        const begin = await positions(here.client);
        const locks = watchLocks(here.client);
        return { end: () => endWatch(here, begin.inserted, locks, connect, login).catch(unmeasured) };
      } catch (error) {
        const why = await unmeasured(error);
        return { end: async () => why };
      }
    },
    close: leave,
  };
}

async function sitDown(connect: ConnectDatabase, login: DatabaseLogin): Promise<Seat> {
  const client = await connectClient(
    connect,
    { ...login, name: MAINTENANCE },
    { applicationName: 'runbook-witness' },
  );
  try {
    const slot = `runbook_witness_${randomBytes(4).toString('hex')}`;
    const { rows } = await client.query<Record<'timeline' | 'segment' | 'version', string>>(
      `SELECT (pg_catalog.pg_control_checkpoint()).timeline_id AS timeline,
         pg_catalog.pg_size_bytes(current_setting('wal_segment_size')) AS segment,
         current_setting('server_version_num') AS version,
         pg_catalog.pg_create_physical_replication_slot('${slot}', true, true) AS slot`,
    );
    const { timeline, segment, version } = rows[0] as (typeof rows)[number];
    const major = Math.floor(Number(version) / 10_000);
    requireReadable(major);
    return {
      ...{ client, slot, timeline: Number(timeline), segmentBytes: Number(segment) },
      major,
      relations: await relationsOf(connect, login),
    };
  } catch (error) {
    await closeClient(client);
    throw error;
  }
}

async function relationsOf(connect: ConnectDatabase, login: DatabaseLogin): Promise<Relations> {
  const client = await connectClient(connect, login, { applicationName: 'runbook-witness' });
  return readRelations(client).finally(() => closeClient(client));
}

/** Where the log ends: what is written to it, and what is safe on disk, as a commit is before it is answered. */
async function positions(client: pg.Client): Promise<{ inserted: number; flushed: number }> {
  const { rows } = await client.query<[string, string]>({
    text: `SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0'),
      pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_flush_lsn(), '0/0')`,
    rowMode: 'array',
  });
  const [inserted, flushed] = rows[0] as [string, string];
  return { inserted: Number(inserted), flushed: Number(flushed) };
}

async function endWatch(
  seat: Seat,
  begin: number,
  locks: LockWatch,
  connect: ConnectDatabase,
  login: DatabaseLogin,
): Promise<Effects> {
  const { held, apartMs } = await locks.stop();
  const { inserted, flushed } = await positions(seat.client);
  const before = seat.relations;
  const end = flushed < inserted ? await flush(seat.client) : flushed;
  const { committed: changes, commits } = await readChanges(seat, begin, end);
  // Others may have made or dropped unlogged tables, of which the log of the block's changes says nothing.
  const mayBeUnlogged = commits > 0 && (changes.length === 0 || before.unlogged.length > 0);
  if (mayBeUnlogged || isStale(before, changes)) seat.relations = await relationsOf(connect, login);
  return {
    ...nameChanges(changes, before, seat.relations),
    locks: held.flatMap(({ database, relation, mode, ms }) => {
      const table = database === before.database ? before.byId.get(relation) : undefined;
      return table && !table.isCatalog && table.kind !== 't' ? [{ table: table.name, mode, ms }] : [];
    }),
    ...(commits > 0 && seat.relations.unlogged.length > 0 ? { unlogged: seat.relations.unlogged } : {}),
    looks_apart_ms: apartMs,
    wal_bytes: inserted - begin,
  };
}

/** A commit that wrote nothing to the log itself is answered before it is on disk; one that did brings it there. */
async function flush(client: pg.Client): Promise<number> {
  await client.query("SELECT pg_catalog.pg_logical_emit_message(true, 'runbook', '')");
  return (await positions(client)).flushed;
}

async function readChanges(seat: Seat, begin: number, end: number): Promise<ChangeCount> {
  const decoder = new WalDecoder(begin, seat.segmentBytes, seat.major);
  const count = new ChangeCount();
  for (let at = begin; at < end; ) {
    const segmentEnd = (Math.floor(at / seat.segmentBytes) + 1) * seat.segmentBytes;
    const bytes = Math.min(CHUNK_BYTES, end - at, segmentEnd - at);
    for (const record of decoder.push(await readLog(seat, at, bytes))) count.take(record);
    at += bytes;
  }
  if (end > begin) await letGo(seat, end);
  return count;
}

async function readLog({ client, timeline, segmentBytes }: Seat, at: number, bytes: number): Promise<Buffer> {
  const segment = Math.floor(at / segmentBytes);
  const perLog = 0x100000000 / segmentBytes;
  const hex = (n: number) => n.toString(16).toUpperCase().padStart(8, '0');
  const file = `pg_wal/${hex(timeline)}${hex(Math.floor(segment / perLog))}${hex(segment % perLog)}`;
  const { rows } = await client.query<[string]>({
    // pg has no cells but text, and of text this is the shortest.
    text: "SELECT pg_catalog.encode(pg_catalog.pg_read_binary_file($1, $2, $3), 'base64')",
    values: [file, at % segmentBytes, bytes],
    rowMode: 'array',
  });
  return Buffer.from((rows[0] as [string])[0], 'base64');
}

/** The server may recycle what has been read. */
async function letGo({ client, slot }: Seat, end: number): Promise<void> {
  const lsn = `${Math.floor(end / 0x100000000).toString(16)}/${(end % 0x100000000).toString(16)}`;
  await client.query(`SELECT pg_catalog.pg_replication_slot_advance('${slot}', '${lsn}')`);
}
