import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { type Address, connect } from './connection.ts';

/** A session that holds a lock somebody waits for. */
interface Blocker {
  pid: number;
  usename: string | null;
  application_name: string;
  state: string | null;
  query: string;
}

/**
 * Does `work` on a session that may wait for locks. PostgreSQL's lock timeout does not say who held the lock,
 * and afterwards it is too late to ask; so a second connection asks meanwhile, `everyMs` apart. Where work
 * fails, `explain` is given the error and a line for each session that was last seen in the way (an empty
 * list: none).
 */
export async function watchingBlockers<T>(
  address: Address,
  waiting: { pid: number; everyMs: number },
  work: () => Promise<T>,
  explain: (error: unknown, blockers: string[]) => unknown,
): Promise<T> {
  const done = new AbortController();
  const seen = watch(address, waiting, done.signal);
  try {
    return await work();
  } catch (error) {
    done.abort();
    throw explain(error, (await seen).map(describe));
  } finally {
    done.abort();
    await seen;
  }
}

/** Those last seen in the way. Most work is over before the first look, and opens no second connection. */
async function watch(
  address: Address,
  { pid, everyMs }: { pid: number; everyMs: number },
  done: AbortSignal,
) {
  let last: Blocker[] = [];
  let observer: Client | undefined;
  try {
    while (await pause(everyMs, done)) {
      observer ??= await connect(address);
      const { rows } = await observer.query<Blocker>(BLOCKERS, [pid]);
      if (rows.length > 0) last = rows;
    }
  } catch {
    // No second connection to be had: the error is then told without its blockers.
  } finally {
    await observer?.end().catch(() => undefined);
  }
  return last;
}

const BLOCKERS = `
  SELECT pid, usename, application_name, state, left(regexp_replace(query, '\\s+', ' ', 'g'), 80) AS query
  FROM pg_stat_activity
  WHERE pid = ANY (pg_blocking_pids($1))
  ORDER BY pid`;

const pause = (ms: number, done: AbortSignal) => sleep(ms, true, { signal: done }).catch(() => false);

const describe = ({ pid, usename, application_name, state, query }: Blocker) =>
  `pid ${pid} (${[usename, application_name, state].filter(Boolean).join(', ')}): ${query}`;
