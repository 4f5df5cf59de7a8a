import pg from 'pg';
import type { Block } from '../document/document.ts';
import type { Statement } from '../document/statements.ts';
import { CannotRun, type SqlOutput, type StatementResult } from '../outcome/output.ts';
import { type ConnectDatabase, connectClient, type DatabaseLogin, typeName } from './database.ts';

/** Rows that are kept of one statement; more are counted. */
const KEPT_ROWS = 10_000;

/**
 * Runs a block's statements one by one over one connection, up to the first that is refused. A block that only reads
 * does so in one read-only transaction, unless it has transactions of its own.
 * Throws CannotRun where the server cannot be reached, or the connection is lost in the middle.
 */
export async function runSql(
  connect: ConnectDatabase,
  login: DatabaseLogin,
  block: Block,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<SqlOutput> {
  const started = performance.now();
  const client = await connectClient(connect, login);
  const stopWatching = cancelWhen(signal, client, connect, login);
  client.on('notice', ({ message }) => onLine(`NOTICE: ${message}`));
  try {
    await client.query(`SET statement_timeout = ${Math.ceil(block.timeoutMs)}`);
    const own = block.statements.some(({ text }) => /^(begin|start\s+transaction)\b/i.test(text));
    const readOnly = block.effect === 'reads' && !own;
    if (readOnly) await client.query('BEGIN READ ONLY');
    const output = await runStatements(client, block.statements, onLine);
    if (readOnly) await client.query(output.refusal ? 'ROLLBACK' : 'COMMIT');
    const timedOut = output.refusal?.sqlstate === '57014' && !signal.aborted;
    return { kind: 'sql', ...output, timedOut, durationMs: performance.now() - started };
  } catch (error) {
    throw error instanceof CannotRun
      ? error
      : new CannotRun(`the connection was lost: ${(error as Error).message}`);
  } finally {
    stopWatching();
    await client.end().catch(() => undefined);
  }
}

async function runStatements(client: pg.Client, statements: Statement[], onLine: (line: string) => void) {
  const results: StatementResult[] = [];
  for (const { title, text } of statements) {
    onLine(title);
    const started = performance.now();
    try {
      const result = await runStatement(client, text);
      results.push({ title, ...result, durationMs: performance.now() - started });
    } catch (error) {
      return { results, refusal: refusalOf(error) };
    }
  }
  return { results, refusal: null };
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

type Kept = Pick<StatementResult, 'columns' | 'rows' | 'rowCount' | 'command'>;

/** Row by row, so that a statement that returns a million does not hold a million. */
function runStatement(client: pg.Client, text: string): Promise<Kept> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query({ text, rowMode: 'array' } as pg.QueryConfig);
    const rows: (string | null)[][] = [];
    let returned = 0;
    query.on('row', (row: unknown) => {
      if (returned++ < KEPT_ROWS) rows.push(row as (string | null)[]);
    });
    query.on('error', reject);
    query.on('end', (result) => {
      const { fields, command, rowCount } = result as unknown as pg.QueryArrayResult;
      const columns = (fields ?? []).map(({ name, dataTypeID }) => ({ name, type: typeName(dataTypeID) }));
      const touched = columns.length > 0 ? returned : (rowCount ?? 0);
      resolve({ columns, rows, rowCount: touched, command: command ?? '' });
    });
    client.query(query);
  });
}

/** A statement goes on in the server when its client goes away, so it is cancelled from a second connection. */
function cancelWhen(
  signal: AbortSignal,
  client: pg.Client,
  connect: ConnectDatabase,
  login: DatabaseLogin,
): () => void {
  const { processID } = client as unknown as { processID: number };
  const cancel = () => {
    connectClient(connect, login)
      .then(async (other) => {
        await other.query('SELECT pg_cancel_backend($1)', [processID]);
        await other.end();
      })
      .catch(() => client.end());
  };
  signal.addEventListener('abort', cancel, { once: true });
  return () => signal.removeEventListener('abort', cancel);
}
