import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { SqlBlock } from '../document/document.ts';
import type { Beginning, Begun, Fact } from '../outcome/fact.ts';
import { CannotRun, type SqlOutput, UnknownEnd } from '../outcome/output.ts';
import { Capture } from './capture.ts';
import type { ConnectDatabase, DatabaseLogin } from './database.ts';
import { endingOf, GRACE_MS } from './ending.ts';
import { howFar, named, noProgress, progressOf } from './progress.ts';
import { type Before, resolve } from './resolve.ts';
import { ConnectionLost, isOpen, isRefusal, openSession, type Session } from './session.ts';
import { answered, rollBack, runUnit, type Work } from './units.ts';

/** A block to run, and who listens: as in RunRequest. */
export interface SqlRequest {
  block: SqlBlock;
  beginning: Beginning;
  begun: Begun | null;
  record: (fact: Fact) => Promise<void>;
  onLine: (line: string) => void;
  signal: AbortSignal;
}

/** A connection is tried again after the first of these, then after twice as long each time, up to the last. */
const BACK_OFF_MS = [200, 5000] as const;

/** So often in a row a connection may be lost at one statement: it may be what brings the server down. */
const MOST_LOSSES = 3;

/** What makes connections, and has made some. */
interface Link extends Before {
  open: (signal: AbortSignal) => Promise<Session>;
}

/**
 * Runs a block's statements one by one over one connection, up to the first that is refused. A block that only reads
 * does so in one read-only transaction, unless it has transactions of its own; of any other, each transaction has a
 * known end. Where the connection is lost, or an earlier run began the block, it goes on at the first statement that is
 * not done. When the block's time is over or `signal` aborts, its statement is cancelled and, where the server does not
 * hear that, its connection cut.
 * Throws CannotRun where the server cannot be reached and nothing of the block was done, UnknownEnd where it cannot be
 * told what was, or it is not whole and cannot go on; and what `record` throws.
 */
export async function runSql(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  request: SqlRequest,
): Promise<SqlOutput> {
  const { block, beginning, begun, record, onLine, signal } = request;
  const started = performance.now();
  const ending = endingOf(block.timeoutMs, signal);
  const leftOut = { rows: 0, bytes: 0 };
  const notices = new Capture();
  const applicationName = nameOf(beginning);
  const link: Link = {
    backends: [],
    applicationName,
    open: (until) =>
      openSession(connect, login, { applicationName, signal: until, leftOut, notices, onLine }),
  };
  const progress = begun ? progressOf(begun.prepared) : noProgress();
  const whom = `PostgreSQL (${login.service})`;
  const work: Work = { block, progress, leftOut, ending, whom, record, onLine };
  try {
    await runThrough(work, link, begun !== null);
  } finally {
    ending.forget();
  }
  const { results, refusal, openTransaction } = progress;
  const whole = results.length === block.statements.length;
  return {
    kind: 'sql',
    results,
    refusal,
    timedOut: ending.by === 'timeout' && !whole,
    interrupted: ending.by === 'interruption' && !whole,
    ...(openTransaction ? { openTransaction } : {}),
    ...(notices.bytes > 0 ? { notices: notices.finish() } : {}),
    durationMs: performance.now() - started,
  };
}

/** What the names of all blocks' sessions are like, as a regular expression of PostgreSQL's. */
export const SESSION_NAME = '^runbook [0-9a-f]{32}$';

/** The same for each connection of one beginning: no longer than PostgreSQL takes, and of letters that need no quotes. */
function nameOf({ run, name, attempt }: Beginning): string {
  const hash = createHash('sha256').update(JSON.stringify([run, name, attempt]));
  return `runbook ${hash.digest('hex').slice(0, 32)}`;
}

/** Each turn is a connection; all but the first one find out what became of what the one before was sent. */
async function runThrough(work: Work, link: Link, begun: boolean): Promise<void> {
  const { block, progress, ending } = work;
  let lost: string | null = null;
  let losses = 0;
  for (let resumes = begun; ; resumes = false) {
    if (progress.sent?.kind === 'alone')
      throw notAnswered(
        work,
        link,
        lost === null ? 'the run was killed' : `the connection was lost: ${lost}`,
      );
    const again = lost !== null || resumes;
    const session: Session = again ? await reach(work, link, lost) : await link.open(ending.signal);
    const before = progress.kept;
    try {
      if (again) await resolve(work, session, link, ending.signal);
      link.backends.push(session.backend);
      if (resumes && progress.kept > 0) await recordAgain(work);
      return await runBlock(work, session);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      lost = error.message;
    } finally {
      await session.close();
    }
    if (ending.by !== null)
      return endCut(work, link, `it was cut off: ${(ending.signal.reason as Error).message}`);
    losses = progress.kept === before ? losses + 1 : 1;
    if (losses === MOST_LOSSES) {
      const where = named(block.statements, progress.kept);
      throw notWhole(work, link, `the connection was lost ${losses} times at ${where}: ${lost}`);
    }
  }
}

/** Connects, as often as it takes until the time is over. `lost`: why the connection before went away, if one did. */
async function reach(work: Work, link: Link, lost: string | null): Promise<Session> {
  const { ending, record, onLine } = work;
  if (lost !== null) await record({ type: 'link-changed', state: 'lost', why: lost });
  let why = lost === null ? 'it was not asked' : `the connection was lost: ${lost}`;
  let [pause, longest] = BACK_OFF_MS as readonly [number, number];
  for (let first = lost === null; ; first = false) {
    if (!first) await wait(pause, undefined, { signal: ending.signal }).catch(() => undefined);
    if (ending.by !== null)
      throw notWhole(work, link, `${why}; ${(ending.signal.reason as Error).message}`, true);
    try {
      const session = await link.open(ending.signal);
      if (lost !== null) await record({ type: 'link-changed', state: 'back', why: 'connected again' });
      return session;
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      if (ending.by === null) why = error.message;
      onLine(`${error.message}; trying again`);
      pause = first ? pause : Math.min(2 * pause, longest);
    }
  }
}

/** What an earlier run did stands in the journal of this one from here on. */
async function recordAgain({ progress, record }: Work): Promise<void> {
  const { results, kept } = progress;
  await record({ type: 'statement-prepared', index: kept - 1, xid: null, results: [...results] });
}

/**
 * The block was ended, and its connection cut, as the server did not hear that. Only where a COMMIT is not answered is it
 * asked once more what became of that.
 */
async function endCut(work: Work, link: Link, why: string): Promise<void> {
  const { sent } = work.progress;
  if (sent === null) return;
  if (sent.kind === 'alone') throw notAnswered(work, link, why);
  const grace = AbortSignal.timeout(GRACE_MS);
  try {
    const session = await link.open(grace);
    try {
      await resolve(work, session, link, grace);
    } finally {
      await session.close();
    }
  } catch (error) {
    if (error instanceof UnknownEnd) throw error;
    throw notWhole(work, link, why, true);
  }
}

/** Why a block is not whole: it could not be run where nothing of it was committed, and else its end is not known. */
function notWhole(
  { block, progress, whom }: Work,
  { backends }: Link,
  why: string,
  unanswered = false,
): Error {
  const { sent, recorded } = progress;
  const last = backends.at(-1);
  const atWork = last ? `; process ${last.pid} of ${whom} may still be at work on it` : '';
  if (sent?.kind === 'commit') {
    const asked = `whether ${named(block.statements, sent.results.length - 1)} was committed is not known`;
    return new UnknownEnd(
      `${why}; ${asked}: ask SELECT pg_xact_status('${sent.xid}'); ${howFar(block, progress)}`,
      unanswered,
    );
  }
  if (recorded > 0) return new UnknownEnd(`${why}; ${howFar(block, progress)}${atWork}`, unanswered);
  return new CannotRun(`${why}; nothing of the block was committed${atWork}`);
}

/** A statement that stands in no transaction was sent, and its answer did not come. */
function notAnswered({ block, progress, whom }: Work, { backends }: Link, why: string): UnknownEnd {
  const { sent } = progress;
  const statement = named(block.statements, sent?.kind === 'alone' ? sent.index : progress.kept);
  const process = backends.at(-1);
  return new UnknownEnd(
    `${why}; whether ${statement} was done is not known, as it may stand in no transaction: it may still be running ` +
      `in ${process ? `process ${process.pid} of ` : ''}${whom}; ${howFar(block, progress)}`,
  );
}

async function runBlock(work: Work, session: Session): Promise<void> {
  const { block, progress, ending, leftOut } = work;
  const own = block.statements.some(({ standing }) => standing === 'begin');
  const readOnly = block.effect === 'reads' && !own;
  if (readOnly) await answered(work, session, 'BEGIN READ ONLY');
  await runStatements(work, session);
  if (ending.by !== null || !isOpen(session)) return;
  const whole = progress.refusal === null && leftOut.rows === 0;
  progress.openTransaction = whole && !readOnly;
  if (readOnly && whole) await answered(work, session, 'COMMIT');
  else await rollBack(work, session);
}

async function runStatements(work: Work, session: Session): Promise<void> {
  const { block, progress, leftOut, ending, onLine } = work;
  const { statements } = block;
  while (progress.results.length < statements.length) {
    const index = progress.results.length;
    if (!isOpen(session)) progress.kept = index;
    onLine(statements[index]?.title ?? '');
    if (ending.by !== null) return;
    try {
      await runUnit(work, session, index);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // What the server says of a statement that was cancelled from here is no decision of its own.
      if (ending.by === null) progress.refusal = refusalOf(error);
      return;
    }
    if (leftOut.rows > 0) return;
  }
  if (!isOpen(session)) progress.kept = statements.length;
}

function refusalOf({ code = '', message, detail, hint, position }: pg.DatabaseError): SqlOutput['refusal'] {
  return {
    sqlstate: code,
    message: detail ? `${message}: ${detail}` : message,
    hint: hint ?? null,
    position: position ? Number(position) : null,
  };
}
