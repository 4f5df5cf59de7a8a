import { relative } from 'node:path';
import pg from 'pg';
import { codeUnits, placeIn } from '../../index.ts';
import { Failure } from '../failure.ts';
import type { FileStatement } from '../statements.ts';
import { isConnectionLoss } from './connection.ts';
import { remedyFor } from './remedies.ts';

/**
 * PostgreSQL's refusal of a statement as a Failure: file, line, column, its message, SQLSTATE, detail and
 * hint, who was in the way, and what to do. An error that is not about the statement is returned as it is.
 */
export function describeFailure(error: unknown, statement: FileStatement, blockers: string[]): unknown {
  if (!(error instanceof pg.DatabaseError) || isConnectionLoss(error)) return error;
  const remedy = remedyFor(error.code, statement.text);
  const lines = [
    `${placeOf(error, statement)}: ${error.message} (SQLSTATE ${error.code})`,
    error.detail && `  detail: ${error.detail}`,
    error.hint && `  hint: ${error.hint}`,
    ...blockers.map((blocker) => `  held by ${blocker}`),
    remedy && `  ${remedy}`,
  ];
  return new Failure(1, lines.filter(Boolean).join('\n'), { cause: error });
}

/** The SQLSTATE of a refusal that describeFailure has described; undefined for any other error. */
export function sqlStateOf(error: unknown): string | undefined {
  const cause = error instanceof Failure ? error.cause : undefined;
  return cause instanceof pg.DatabaseError ? cause.code : undefined;
}

/** The error's own place in the statement, or the statement's where it has none. */
function placeOf({ position }: pg.DatabaseError, statement: FileStatement): string {
  const offset = codeUnits(statement.text, Number(position ?? 1) - 1);
  const { line, column } = placeIn(statement.text, offset, statement, 1);
  return `${relative('', statement.file)}:${line}:${column}`;
}
