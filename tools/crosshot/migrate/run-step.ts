import type { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Client, QueryResult } from 'pg';
import { watchingBlockers } from '../database/blockers.ts';
import type { Address } from '../database/connection.ts';
import { describeFailure } from '../database/database-error.ts';
import { Failure } from '../failure.ts';
import { type FileStatement, type SqlFile, statementsOf } from '../statements.ts';
import type { RevisionStep } from './steps.ts';
import { CREATE_VERSION_TABLE, moveVersion } from './version.ts';

/** A connected client, and what is needed to say who is in its way when it has to wait. */
export interface Connection {
  client: Client;
  address: Address;
  /** How long a statement may wait for a lock before it gives up. */
  lockTimeoutMs: number;
}

/**
 * Runs one revision in one transaction, version row included: all of it or nothing. A lock that is not had in
 * time is given up, because every query that comes after the one that waits would queue behind it. Throws
 * Failure.
 */
export async function runStep(connection: Connection, step: RevisionStep): Promise<void> {
  const file = await readSql(step.file);
  await inTransaction(connection, async () => {
    await runSql(connection, ownSql(CREATE_VERSION_TABLE));
    await runSql(connection, file);
    if ((await runSql(connection, ownSql(moveVersion(step)))) !== 1) {
      throw new Failure(
        1,
        `the version was no longer ${step.from}: something else migrates this database too`,
      );
    }
  });
}

const ownSql = (text: string): SqlFile => ({ file: 'alembic_version', text });

export const readSql = async (file: string): Promise<SqlFile> => ({
  file,
  text: await readFile(file, 'utf8'),
});

/**
 * Commits what `work` does (or rolls it back, where `end` says so); where it throws, rolls back and throws
 * the same. Its statements wait for a lock no longer than the connection says.
 */
export async function inTransaction<T>(
  connection: Connection,
  work: () => Promise<T>,
  end: 'COMMIT' | 'ROLLBACK' = 'COMMIT',
): Promise<T> {
  const { client, lockTimeoutMs } = connection;
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
    const result = await work();
    await client.query(end);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * Runs the statements of a file in one message, within the transaction that the caller has begun; returns how many rows
 * they touched. Where one fails, throws a Failure that says where, why and who was in the way.
 */
export async function runSql(connection: Connection, sql: SqlFile): Promise<number> {
  const { client, address, lockTimeoutMs } = connection;
  // pg declares neither, but every connected client has both.
  const { processID: pid, connection: wire } = client as Client & Wired;
  let completed = 0;
  const count = () => completed++;
  wire.on('commandComplete', count);
  try {
    const results: QueryResult | QueryResult[] = await watchingBlockers(
      address,
      { pid, everyMs: Math.min(500, lockTimeoutMs / 5) },
      () => client.query(sql.text),
      async (error, blockers) => describeFailure(error, sql, await statementAt(sql, completed), blockers),
    );
    return [results].flat().reduce((rows, { rowCount }) => rows + (rowCount ?? 0), 0);
  } finally {
    wire.off('commandComplete', count);
  }
}

interface Wired {
  processID: number;
  connection: EventEmitter;
}

/** The statement of this index; where the parser refuses the file, which the server then does too, all of it. */
async function statementAt(sql: SqlFile, index: number): Promise<FileStatement> {
  const statements = await statementsOf(sql.text, sql.file).catch(() => []);
  return statements[index] ?? { ...sql, line: 1, column: 1 };
}
