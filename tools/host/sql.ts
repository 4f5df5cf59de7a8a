import pg from 'pg';
import type { SqlBlock } from '../document/document.ts';
import { CannotRun, type SqlOutput } from '../outcome/output.ts';
import { cancelWhen } from './cancel.ts';
import { type ConnectDatabase, closeClient, connectClient, type DatabaseLogin } from './database.ts';
import { type Ending, endingOf } from './ending.ts';
import { type LeftOut, runStatement } from './statement.ts';

/** What has come of a block so far; it is known also where the connection is cut after it. */
type Progress = Pick<SqlOutput, 'results' | 'refusal'>;

interface Session {
  client: pg.Client;
  onLine: (line: string) => void;
  ending: Ending;
  leftOut: LeftOut;
}

/**
 * Runs a block's statements one by one over one connection, up to the first that is refused. A block that only reads
 * does so in one read-only transaction, unless it has transactions of its own. When the block's time is over or
 * `signal` aborts, its statement is cancelled and, where the server does not hear that, its connection cut.
 * Throws CannotRun where the server cannot be reached in that time, or the connection is lost in the middle.
 */
export async function runSql(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  block: SqlBlock,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<SqlOutput> {
  const started = performance.now();
  const ending = endingOf(block.timeoutMs, signal);
  try {
    const { results, refusal } = await runConnected(connect, login, block, onLine, ending);
    return {
      kind: 'sql',
      results,
      refusal,
      timedOut: ending.by === 'timeout',
      interrupted: ending.by === 'interruption',
      durationMs: performance.now() - started,
    };
  } finally {
    ending.forget();
  }
}

async function runConnected(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  block: SqlBlock,
  onLine: (line: string) => void,
  ending: Ending,
): Promise<Progress> {
  const leftOut: LeftOut = { rows: 0, bytes: 0 };
  const onLeftOut = (bytes: number) => {
    leftOut.rows++;
    leftOut.bytes = Math.max(leftOut.bytes, bytes);
  };
  const client = await connectClient(connect, login, { signal: ending.signal, onLeftOut });
  const stopCancelling = cancelWhen(ending.signal, connect, client);
  client.on('notice', ({ message }) => onLine(`NOTICE: ${message}`));
  const progress: Progress = { results: [], refusal: null };
  try {
    await runBlock({ client, onLine, ending, leftOut }, block, progress);
  } catch (error) {
    if (ending.by === null) throw new CannotRun(`the connection was lost: ${(error as Error).message}`);
  } finally {
    ending.forget();
    stopCancelling();
    await closeClient(client);
  }
  return progress;
}

async function runBlock(session: Session, block: SqlBlock, progress: Progress): Promise<void> {
  const { client, ending } = session;
  const own = block.statements.some(({ text }) => /^(begin|start\s+transaction)\b/i.test(text));
  const readOnly = block.effect === 'reads' && !own;
  if (readOnly) await client.query('BEGIN READ ONLY');
  await runStatements(session, block, progress);
  if (readOnly && ending.by === null) await client.query(progress.refusal ? 'ROLLBACK' : 'COMMIT');
}

async function runStatements(session: Session, block: SqlBlock, progress: Progress): Promise<void> {
  const { client, onLine, ending, leftOut } = session;
  for (const [index, { title }] of block.statements.entries()) {
    onLine(title);
    if (ending.by !== null) return;
    try {
      progress.results.push(await runStatement(client, block, index, leftOut));
    } catch (error) {
      // What the server says of a statement that was cancelled from here is no decision of its own.
      if (ending.by === null) progress.refusal = refusalOf(error);
      return;
    }
    if (leftOut.rows > 0) return;
  }
}

function refusalOf(error: unknown): NonNullable<SqlOutput['refusal']> {
  if (!(error instanceof pg.DatabaseError) || !error.code) throw error;
  return {
    sqlstate: error.code,
    message: error.detail ? `${error.message}: ${error.detail}` : error.message,
    hint: error.hint ?? null,
    position: error.position ? Number(error.position) : null,
  };
}
