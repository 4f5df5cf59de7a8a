import { hostname, userInfo } from 'node:os';
import type pg from 'pg';
import { CannotRun } from '../outcome/output.ts';
import {
  type ConnectDatabase,
  closeClient,
  connectClient,
  cutConnection,
  type DatabaseLogin,
  MAINTENANCE,
  whyLost,
} from './database.ts';
import { keepTrying, NeverWill, TRY_FOR_S } from './keep-trying.ts';
import { type Holder, holderOf, isHeldBy, KEY, showHolder } from './lock-holder.ts';
import { SESSION_NAME } from './sql.ts';
import { within } from './within.ts';

export interface LockTimes {
  /** A server of version 14 or newer ends a lock's session that has been silent for so many seconds: its link is dead. */
  idleS: number;
  /** So often the tool gives a sign of life. */
  heartbeatMs: number;
}

/** Four signs of life may be late before the lock is let go. */
const TIMES: LockTimes = { idleS: 90, heartbeatMs: 20_000 };

/** What keeps a second operator out, for as long as this process lives and its link to the server. */
export interface Lock {
  /** Lets whoever is kept out know which run it is. */
  nameRun(id: string): Promise<void>;
  /**
   * Resolves when the server says that the lock is held. Where its connection has ended, it is taken again, and `say` is
   * told so. Throws CannotRun where that cannot be done in a minute, or where another run has it now.
   */
  hold(say: (line: string) => void, signal: AbortSignal): Promise<void>;
  /**
   * Ends the sessions of blocks of dead tools that do nothing any more, of which the server has not noticed that nobody
   * is at their other end: for it they are clients, and what a transaction that was left open holds is held. Only for
   * who holds the lock, and has begun no block. Throws CannotRun where it cannot be asked.
   */
  endOrphans(): Promise<void>;
  /** Lets it go, also where its link has died and the server does not know it yet. */
  release(): Promise<void>;
}

/** The command that ends a session of the server by its process id, for a person who is kept out. */
export type WayOut = (pid: string) => string;

/** The words that end a session of a compose project's server. */
export const endSession = ({ service, user }: DatabaseLogin, pid: string): string[] => [
  ...['docker', 'compose', 'exec', '-T', service, 'psql', '-U', user, '-d', MAINTENANCE],
  ...['-c', `SELECT pg_terminate_backend(${pid})`],
];

/**
 * Takes the lock in a database that no step drops. Throws CannotRun where another run is at work, with who that is and a
 * way out, or where the server gives no answer.
 */
export async function lockServer(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  wayOut: WayOut,
  times = TIMES,
): Promise<Lock> {
  const me = { run: '' };
  const open = () => openLock(connect, login, wayOut, me, times);
  let held = await open();
  let turn: Promise<void> = Promise.resolve();
  const hold = async (say: (line: string) => void, signal: AbortSignal) => {
    const why = await held.lost();
    if (why === null) return;
    say(`the lock was lost (${why}): for ${TRY_FOR_S} s it is tried to take it again`);
    const mine = held;
    mine.cut();
    held = await retake(() => openLock(connect, login, wayOut, me, times, mine.session), signal);
    say('the lock is back');
  };
  return {
    async nameRun(id) {
      me.run = id;
      // Where that cannot be said, `hold` finds out why.
      await held.name().catch(() => undefined);
    },
    // Blocks that begin side by side take it again once, not each for itself.
    hold(say, signal) {
      turn = turn.catch(() => undefined).then(() => hold(say, signal));
      return turn;
    },
    endOrphans: () => held.endOrphans(),
    async release() {
      const letGo = within(
        'the server',
        async () => {
          if ((await held.lost()) === null) return held.release();
          // The server may still believe in a link that is dead, and would keep the next run out for as long.
          const again = await openLock(connect, login, wayOut, me, times, held.session);
          await again.release();
        },
        RELEASE_MS,
      );
      await letGo.catch(() => undefined);
      held.cut();
    },
  };
}

/** At the end of a run nobody waits for long: what is not let go by then lets go of itself. */
const RELEASE_MS = 5000;

/** The lock as one connection holds it. */
interface HeldLock {
  /** The backend of the connection: the server may not have noticed yet that it is of no use any more. */
  session: Holder;
  name(): Promise<void>;
  /** Why it is not held any more; null where the server says that it is. */
  lost(): Promise<string | null>;
  cut(): void;
  endOrphans(): Promise<void>;
  release(): Promise<void>;
}

async function openLock(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  wayOut: WayOut,
  me: { run: string },
  { idleS, heartbeatMs }: LockTimes,
  mine: Holder | null = null,
): Promise<HeldLock> {
  const answer = <T>(work: (signal: AbortSignal) => Promise<T>) => within('the server', work);
  const client = await answer((signal) =>
    connectClient(connect, { ...login, name: MAINTENANCE }, { signal }),
  );
  const name = () => answer(() => client.query(INTRODUCE, [nameOf(me.run)]).then(() => undefined));
  const cut = () => {
    clearInterval(heartbeat);
    cutConnection(client);
  };
  // A link that is dead shows only when something is sent. What comes of it is asked before the next block.
  const heartbeat = setInterval(() => void answer(() => client.query('SELECT 1')).catch(cut), heartbeatMs);
  heartbeat.unref();
  try {
    await name();
    await answer(() => client.query(LET_GO_WHEN_SILENT, [`${idleS}s`]));
    const session = await answer(() =>
      take(client, (holder) => showHolder(holder, idleS, wayOut(holder.pid)), mine),
    );
    return {
      session,
      name,
      cut,
      lost: () =>
        answer(() => isHeldBy(client, session))
          .then((is) => (is ? null : 'it is not held'))
          .catch(whyLost),
      async endOrphans() {
        await answer(() => client.query(END_ORPHANS, [SESSION_NAME])).catch((error: Error) => {
          throw new CannotRun(`what dead runs left cannot be ended: ${whyLost(error)}`);
        });
      },
      async release() {
        clearInterval(heartbeat);
        await closeClient(client);
      },
    };
  } catch (error) {
    cut();
    throw error instanceof CannotRun
      ? error
      : new CannotRun(`the lock cannot be taken: ${whyLost(error as Error)}`);
  }
}

const INTRODUCE = `SELECT set_config('application_name', $1, false)`;

/**
 * An older server has no such setting: it lets go when the connection ends, and of a dead link it knows nothing. That it
 * lets go is no error of the night, and not for its log, where the role may say so.
 */
const LET_GO_WHEN_SILENT = `
  SELECT set_config('idle_session_timeout', $1, false),
         CASE current_setting('is_superuser') WHEN 'on' THEN set_config('log_min_messages', 'panic', false) END
  WHERE current_setting('server_version_num')::int >= 140000`;

/** A session that is at work is left to whoever resumes its run. */
const END_ORPHANS = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE application_name ~ $1 AND usename = current_user
    AND state IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')`;

/** As long as the server keeps it. */
const nameOf = (run: string) =>
  `runbook ${run} ${userInfo().username}@${hostname()}`.replace('  ', ' ').slice(0, 63);

async function take(
  client: pg.Client,
  show: (holder: Holder) => string,
  mine: Holder | null,
): Promise<Holder> {
  for (;;) {
    const { rows } = await client.query<{ locked: string }>(`SELECT pg_try_advisory_lock(${KEY}) AS locked`);
    const holder = await holderOf(client);
    if (rows[0]?.locked === 't' && holder) return holder;
    if (!holder) continue;
    if (holder.pid !== mine?.pid || holder.since !== mine.since) throw new NeverWill(show(holder));
    // The session of our own dead link, which the server still believes in.
    await client.query('SELECT pg_terminate_backend($1::int)', [holder.pid]);
  }
}

/** Another run that has the lock by now keeps it. */
async function retake(open: () => Promise<HeldLock>, signal: AbortSignal): Promise<HeldLock> {
  try {
    return await keepTrying(open, signal);
  } catch (error) {
    if (!(error instanceof CannotRun) || error instanceof NeverWill) throw error;
    throw new CannotRun(
      `the lock was lost, and in ${TRY_FOR_S} s it could not be taken again: ${error.message}`,
    );
  }
}
