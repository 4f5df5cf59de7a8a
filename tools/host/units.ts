import type { SqlBlock } from '../document/document.ts';
import type { Statement } from '../document/statements.ts';
import type { Fact } from '../outcome/fact.ts';
import type { StatementResult } from '../outcome/output.ts';
import type { Ending } from './ending.ts';
import { keep, type Progress } from './progress.ts';
import { answerOf, ConnectionLost, isOpen, isRefusal, type Session } from './session.ts';
import { tellingSilence } from './silence.ts';
import { type LeftOut, runStatement } from './statement.ts';

/** A block that is being run, whatever connection it has. */
export interface Work {
  block: SqlBlock;
  progress: Progress;
  leftOut: LeftOut;
  ending: Ending;
  /** For messages: which server. */
  whom: string;
  record: (fact: Fact) => Promise<void>;
  onLine: (line: string) => void;
}

/**
 * Runs the statement of this index, so that what it wrote has a known end: within a transaction of its own whose number
 * is recorded before COMMIT, or as part of the author's, which has its number recorded at its end.
 * Throws pg's DatabaseError where it is refused, after which nothing of it is left, and ConnectionLost.
 */
export async function runUnit(work: Work, session: Session, index: number): Promise<void> {
  const { block, progress } = work;
  const { standing } = block.statements[index] as Statement;
  const open = isOpen(session);
  if (standing === (open ? 'prepare' : 'alone')) return runAlone(work, session, index);
  if (open && (standing === 'commit' || standing === 'chain')) return commitOwn(work, session, index);
  if (!open && standing === 'within') return runWithin(work, session, index);
  progress.results.push(await answerOf(runStatement(session.client, block, index, work.leftOut)));
}

/**
 * The statement is sent only once BEGIN is answered: one that came after a BEGIN that was cancelled would commit by
 * itself. Its number is asked for in the same breath.
 */
async function runWithin(work: Work, session: Session, index: number): Promise<void> {
  const { block, progress, leftOut } = work;
  const begun = session.ahead ?? answered(work, session, 'BEGIN');
  session.ahead = null;
  await begun;
  const running = answerOf(runStatement(session.client, block, index, leftOut));
  const number = answerOf(session.client.query<Number>(NUMBER));
  number.catch(() => undefined);
  try {
    const result = await running;
    const { rows } = await tellingSilence(number, work.whom, work.onLine);
    await commit(work, session, rows[0]?.xid ?? null, [...progress.results, result], 'COMMIT');
  } catch (error) {
    if (isRefusal(error)) await rollBack(work, session);
    if (!refusedWithin(block.statements[index] as Statement, error)) throw error;
    await runAlone(work, session, index);
  }
}

type Number = { xid: string | null };

/** Null where the transaction has written nothing: then it is all the same whether it was committed. */
const NUMBER = 'SELECT pg_catalog.pg_current_xact_id_if_assigned() AS xid';

/** Whether PostgreSQL refuses a statement for the transaction around it only: by name, or as it ends transactions. */
const refusedWithin = ({ text }: Statement, error: unknown) =>
  isRefusal(error) && (error.code === '25001' || (error.code === '2D000' && /^(do|call)\b/i.test(text)));

/** The author's COMMIT, after which the statements since BEGIN are done. */
async function commitOwn(work: Work, session: Session, index: number): Promise<void> {
  const { block, progress } = work;
  const { title, text } = block.statements[index] as Statement;
  const { rows } = await tellingSilence(
    answerOf(session.client.query<Number>(NUMBER)),
    work.whom,
    work.onLine,
  );
  const result = {
    title,
    columns: [],
    rows: [],
    rowCount: 0,
    truncated: false,
    command: 'COMMIT',
    durationMs: 0,
  };
  await commit(work, session, rows[0]?.xid ?? null, [...progress.results, result], text);
}

/**
 * Commits, after it is recorded that it is about to. Where the block is ended in between, or it cannot be recorded, it
 * rolls back.
 */
async function commit(
  work: Work,
  session: Session,
  xid: string | null,
  results: StatementResult[],
  text: string,
): Promise<void> {
  const { progress, ending } = work;
  if (xid !== null) await recordFrom(work, session, xid, results);
  if (ending.by !== null) return rollBack(work, session);
  if (xid !== null) progress.sent = { kind: 'commit', xid, epoch: session.backend.epoch, results };
  const committed = answered(work, session, text);
  beginAhead(work, session, results.length);
  try {
    await committed;
  } catch (error) {
    // A constraint that is judged at COMMIT: the transaction is rolled back.
    if (isRefusal(error)) progress.sent = null;
    throw error;
  }
  progress.sent = null;
  if (xid !== null) keep(progress, results);
  else progress.results = results;
}

/** Where the statement of this index needs a transaction of its own, its BEGIN costs no more time. */
function beginAhead(work: Work, session: Session, index: number): void {
  const { statements } = work.block;
  if (statements[index]?.standing !== 'within' || statements[index - 1]?.standing === 'chain') return;
  session.ahead = answered(work, session, 'BEGIN');
  session.ahead.catch(() => undefined);
}

async function recordFrom(
  work: Work,
  session: Session,
  xid: string,
  results: StatementResult[],
): Promise<void> {
  const { recorded } = work.progress;
  const since = results.slice(recorded);
  try {
    const { epoch } = session.backend;
    await work.record({ type: 'statement-prepared', index: results.length - 1, xid, epoch, results: since });
  } catch (error) {
    await rollBack(work, session);
    throw error;
  }
}

/** That it begins is recorded, and that it has ended: between the two, its end is not known. */
async function runAlone(work: Work, session: Session, index: number): Promise<void> {
  const { block, progress, leftOut, record } = work;
  await record({ type: 'statement-prepared', index, xid: null, results: [] });
  progress.sent = { kind: 'alone', index };
  try {
    progress.results.push(await answerOf(runStatement(session.client, block, index, leftOut)));
  } catch (error) {
    if (isRefusal(error)) progress.sent = null;
    throw error;
  }
  const results = progress.results.slice(progress.recorded);
  await record({ type: 'statement-prepared', index, xid: null, results });
  progress.sent = null;
  keep(progress, progress.results);
}

/** Where a transaction is open; also where the connection is lost by then, for what is open goes with it. */
export async function rollBack(work: Work, session: Session): Promise<void> {
  session.ahead = null;
  try {
    // A refusal arrives before the word whether it left a transaction open, which is there with the next answer.
    await answered(work, session, '');
    if (isOpen(session)) await answered(work, session, 'ROLLBACK');
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof ConnectionLost)) throw error;
  }
}

/** Sends what a server that is there answers at once. */
export const answered = ({ whom, onLine }: Work, { client }: Session, text: string) =>
  tellingSilence(answerOf(client.query(text)), whom, onLine);
