import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { type HeldLock, LOOKS_EVERY_MS } from '../../expect/subject.ts';

/** What readers or writers of a table have to wait for. */
const STRONG = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

/** Prepared once, and without a look at the sessions: this is asked twenty times a second, and seldom finds any. */
const STRONG_LOCKS = {
  name: 'runbook-locks',
  text: `SELECT pid, database, relation, mode FROM pg_catalog.pg_locks
    WHERE granted AND locktype = 'relation' AND mode IN (${STRONG.map((mode) => `'${mode}'`).join(', ')})`,
  rowMode: 'array' as const,
};

const SESSIONS = `SELECT pid FROM pg_catalog.pg_stat_activity
  WHERE application_name LIKE 'runbook %' AND pid = ANY ($1::int[])`;

/** The locks that blocks' sessions hold now, each a key of database, relation and mode. */
async function strongLocks(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<[string, string, string, string]>(STRONG_LOCKS);
  if (rows.length === 0) return new Set();
  const sessions = await client.query<{ pid: string }>(SESSIONS, [rows.map(([pid]) => pid)]);
  const ours = new Set(sessions.rows.map(({ pid }) => pid));
  return new Set(rows.flatMap(([pid, ...lock]) => (ours.has(pid) ? [lock.join('/')] : [])));
}

/** A lock as the server numbers its table, held for at most so long. */
export interface SampledLock extends Pick<HeldLock, 'mode' | 'ms'> {
  database: number;
  relation: number;
}

export interface LockWatch {
  /** What was held since, and the longest time between two looks. */
  stop(): Promise<{ held: SampledLock[]; apartMs: number }>;
}

/**
 * Looks at the locks of all blocks' sessions until `stop`. A lock counts from the look before it was seen to the first one
 * that does not see it any more, so it was held no longer; one that no look saw was held for less than their distance.
 */
export function watchLocks(client: pg.Client): LockWatch {
  const controller = new AbortController();
  const found = new Map<string, SampledLock>();
  const held = new Map<string, number>();
  let last = performance.now();
  let apartMs = 0;
  const look = async () => {
    const seen = await strongLocks(client);
    const now = performance.now();
    apartMs = Math.max(apartMs, now - last);
    for (const key of seen) if (!held.has(key)) held.set(key, last);
    for (const [key, since] of held) {
      const [database, relation, mode = ''] = key.split('/');
      const ms = Math.max(Math.round(now - since), found.get(key)?.ms ?? 0);
      found.set(key, { database: Number(database), relation: Number(relation), mode: modeName(mode), ms });
      if (!seen.has(key)) held.delete(key);
    }
    last = now;
  };
  const looking = (async () => {
    while (!controller.signal.aborted) {
      await look();
      await wait(LOOKS_EVERY_MS, null, { signal: controller.signal }).catch(() => undefined);
    }
    await look();
  })();
  looking.catch(() => undefined);
  return {
    async stop() {
      controller.abort();
      await looking;
      return { held: [...found.values()], apartMs: Math.round(apartMs) };
    },
  };
}

/** As SQL writes it: `ShareRowExclusiveLock` is `SHARE ROW EXCLUSIVE`. */
const modeName = (mode: string): string =>
  mode
    .replace(/Lock$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
