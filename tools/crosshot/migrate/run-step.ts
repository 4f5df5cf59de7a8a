import type { Client } from 'pg';
import { watchingBlockers } from '../database/blockers.ts';
import type { Address } from '../database/connection.ts';
import { describeFailure } from '../database/database-error.ts';
import { Failure } from '../failure.ts';
import { type FileStatement, readStatements } from '../statements.ts';
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
  const statements = await readStatements(step.file);
  await inTransaction(connection, async () => {
    await runStatement(connection, ownStatement(CREATE_VERSION_TABLE));
    for (const statement of statements) await runStatement(connection, statement);
    const { rowCount } = await runStatement(connection, ownStatement(moveVersion(step)));
    if (rowCount !== 1) {
      throw new Failure(
        1,
        `the version was no longer ${step.from}: something else migrates this database too`,
      );
    }
  });
}

const ownStatement = (text: string): FileStatement => ({ file: 'alembic_version', text, line: 1, column: 1 });

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
 * Runs one statement of a file; where it fails, throws a Failure that says where, why and who was in the way.
 */
export async function runStatement(connection: Connection, statement: FileStatement) {
  const { client, address, lockTimeoutMs } = connection;
  // pg declares no processID, but every connected client has one.
  const { processID: pid } = client as Client & { processID: number };
  return watchingBlockers(
    address,
    { pid, everyMs: Math.min(500, lockTimeoutMs / 5) },
    () => client.query(statement.text),
    (error, blockers) => describeFailure(error, statement, blockers),
  );
}
