import { setTimeout as wait } from 'node:timers/promises';
import type { Statement } from '../document/statements.ts';
import { UnknownEnd } from '../outcome/output.ts';
import { howFar, named, settle } from './progress.ts';
import { type Backend, ConnectionLost, isRefusal, type Session } from './session.ts';
import { answered, type Work } from './units.ts';

/** How often the server is asked again for what must come to its end there. */
const ASK_EVERY_MS = 100;

/** The sessions that a block had before. */
export interface Before {
  /** Those of this process. */
  backends: Backend[];
  /** What all of the block's sessions are called, also those of a run that was killed. */
  applicationName: string;
}

/**
 * Finds out, over a new session, what became of what was sent over the ones before, and makes the new one what they were:
 * first none of them is at work any more, then a COMMIT that was sent is told by its transaction's status.
 * Throws UnknownEnd where that cannot be told, or the block cannot go on without its old session; ConnectionLost, also
 * where `signal` aborts before.
 */
export async function resolve(
  work: Work,
  session: Session,
  before: Before,
  signal: AbortSignal,
): Promise<void> {
  const { block, progress } = work;
  try {
    refuseOtherCluster(session, before);
    await endBackends(work, session, before, signal);
    const { sent } = progress;
    settle(progress, sent?.kind === 'commit' && (await isCommitted(work, session, sent, signal)));
    if (progress.results.length < block.statements.length) await restore(work, session);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new UnknownEnd(`${howFar(block, progress)}, and it cannot go on: ${error.code}: ${error.message}`);
  }
}

function refuseOtherCluster({ backend }: Session, { backends }: Before): void {
  const [first] = backends;
  if (!first || first.cluster === backend.cluster) return;
  throw new UnknownEnd(
    `another PostgreSQL cluster answers now (system identifier ${backend.cluster}, before ${first.cluster})`,
  );
}

/** One that was cut off may go on for hours, and holds its locks against what is to run again. */
async function endBackends(work: Work, session: Session, before: Before, signal: AbortSignal): Promise<void> {
  const { backends, applicationName } = before;
  const known = backends.map(({ pid, start }) => `OR (pid = ${pid} AND backend_start = '${start}')`);
  const text = `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
    WHERE pid <> pg_catalog.pg_backend_pid() AND (application_name = '${applicationName}' ${known.join(' ')})`;
  while ((await answered(work, session, text)).rows.length > 0) await pause(signal);
}

/**
 * The number of a transaction that was not on the server's disk before a crash is given again after it: then that it was
 * committed may be said of another one's.
 */
async function isCommitted(
  work: Work,
  session: Session,
  { xid, epoch }: { xid: string; epoch: string | null | undefined },
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const { rows } = await answered(work, session, `SELECT pg_catalog.pg_xact_status('${xid}') AS status`);
    const status = rows[0]?.status;
    if (status === 'aborted') return false;
    if (epoch !== undefined && epoch !== session.backend.epoch)
      throw new UnknownEnd(
        `PostgreSQL has crashed since transaction ${xid} was about to be committed, and may have given that number again`,
      );
    if (status === 'committed') return true;
    if (status !== 'in progress')
      throw new UnknownEnd(`PostgreSQL does not know any more whether transaction ${xid} was committed`);
    await pause(signal);
  }
}

/** Makes the settings again that statements outside of transactions made. */
async function restore(work: Work, session: Session): Promise<void> {
  const { block, progress } = work;
  const { statements } = block;
  let open = false;
  for (const [index, statement] of statements.slice(0, progress.kept).entries()) {
    open = isOpenAfter(statement, open);
    if (statement.leaves === null) continue;
    if (statement.leaves !== 'a setting' || open) {
      throw new UnknownEnd(
        `${named(statements, index)} left ${statement.leaves} in its session, which went with the connection, ` +
          `so the rest cannot be run: ${howFar(block, progress)}`,
      );
    }
    await answered(work, session, statement.text);
  }
}

function isOpenAfter({ standing }: Statement, open: boolean): boolean {
  if (standing === 'begin') return true;
  return open && standing !== 'commit' && standing !== 'rollback' && standing !== 'prepare';
}

/** Throws ConnectionLost where the signal aborts: what is waited for cannot be told over this connection any more. */
async function pause(signal: AbortSignal): Promise<void> {
  await wait(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) throw new ConnectionLost((signal.reason as Error).message);
}
