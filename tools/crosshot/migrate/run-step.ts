import type { Client } from 'pg';
import { watchingBlockers } from '../database/blockers.ts';
import type { Address } from '../database/connection.ts';
import { describeFailure } from '../database/database-error.ts';
import { Problem } from '../failure.ts';
import { readStatements, type Statement } from '../statements.ts';
import type { Step } from './steps.ts';
import { CREATE_VERSION_TABLE, moveVersion } from './version.ts';

/** A session and what it needs to explain itself when it has to wait. */
export interface Session {
  client: Client;
  address: Address;
  /** How long a statement may wait for a lock before it gives up. */
  lockTimeoutMs: number;
}

/**
 * Runs one revision in one transaction, version row included: all of it or nothing. A lock that is not had in
 * time is given up, because every query that comes after the one that waits would queue behind it. Throws
 * Problem.
 */
export async function runStep(session: Session, step: Step): Promise<void> {
  const statements = await readStatements(step.file);
  await inTransaction(session, async () => {
    await runStatement(session, ownStatement(CREATE_VERSION_TABLE));
    for (const statement of statements) await runStatement(session, statement);
    const { rowCount } = await runStatement(session, ownStatement(moveVersion(step)));
    if (rowCount !== 1) {
      throw new Problem(
        1,
        `the version was no longer ${step.from}: something else migrates this database too`,
      );
    }
  });
}

const ownStatement = (text: string): Statement => ({ file: 'alembic_version', text, line: 1, column: 1 });

/**
 * Commits what `work` does (or rolls it back, where `end` says so); where it throws, rolls back and throws
 * the same. Its statements wait for a lock no longer than the session says.
 */
export async function inTransaction<T>(
  session: Session,
  work: () => Promise<T>,
  end: 'COMMIT' | 'ROLLBACK' = 'COMMIT',
): Promise<T> {
  const { client, lockTimeoutMs } = session;
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
 * Runs one statement of a file; where it fails, throws a Problem that says where, why and who was in the way.
 */
export async function runStatement(session: Session, statement: Statement) {
  const { client, address, lockTimeoutMs } = session;
  // pg declares no processID, but every connected client has one.
  const { processID: pid } = client as Client & { processID: number };
  return watchingBlockers(
    address,
    { pid, everyMs: Math.min(500, lockTimeoutMs / 5) },
    () => client.query(statement.text),
    (error, blockers) => describeFailure(error, statement, blockers),
  );
}
