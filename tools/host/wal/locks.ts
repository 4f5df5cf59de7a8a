import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { HeldLock } from '../../expect/subject.ts';

/** Between two looks. */
const LOOK_EVERY_MS = 50;

/** What readers or writers of a table have to wait for. */
const STRONG = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

const QUERY = `SELECT DISTINCT l.database, l.relation, l.mode
  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
  WHERE l.granted AND l.locktype = 'relation' AND l.mode IN (${STRONG.map((mode) => `'${mode}'`).join(', ')})
    AND a.application_name LIKE 'runbook %' AND l.pid <> pg_catalog.pg_backend_pid()`;

/** A lock as the server numbers its table, held for at most so long. */
export interface SampledLock extends Pick<HeldLock, 'mode' | 'ms'> {
  database: number;
  relation: number;
}

/**
 * Looks at the locks of all blocks' sessions until `stop`. A lock counts from the look before it was seen to the first one
 * that does not see it any more, so it was held no longer; one that no look saw was held for less than their distance.
 */
export function watchLocks(client: pg.Client): { stop(): Promise<SampledLock[]> } {
  const controller = new AbortController();
  const found = new Map<string, SampledLock>();
  const held = new Map<string, number>();
  let last = performance.now();
  const look = async () => {
    const { rows } = await client.query<[string, string, string]>({ text: QUERY, rowMode: 'array' });
    const now = performance.now();
    const seen = new Set(rows.map((row) => row.join('/')));
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
      await wait(LOOK_EVERY_MS, null, { signal: controller.signal }).catch(() => undefined);
    }
    await look();
  })();
  looking.catch(() => undefined);
  return {
    async stop() {
      controller.abort();
      await looking;
      return [...found.values()];
    },
  };
}

/** As SQL writes it: `ShareRowExclusiveLock` is `SHARE ROW EXCLUSIVE`. */
const modeName = (mode: string): string =>
  mode
    .replace(/Lock$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
