import { relative } from 'node:path';
import pg from 'pg';
import { codeUnits, placeIn } from '../../index.ts';
import { Failure } from '../failure.ts';
import type { FileStatement, SqlFile } from '../statements.ts';
import { isConnectionLoss } from './connection.ts';
import { remedyFor } from './remedies.ts';

/** A wait that took too long, one that would never have ended, and one that was cancelled. */
const WAITED = ['55P03', '40P01', '57014'];

/**
 * PostgreSQL's refusal of a statement of a file as a Failure: file, line, column, its message, SQLSTATE, detail and
 * hint, who was in the way where it waited in vain (and not of a statement before it), and what to do. An error that is
 * not about the statement is returned as it is.
 */
export function describeFailure(
  error: unknown,
  sql: SqlFile,
  statement: FileStatement,
  blockers: string[],
): unknown {
  if (!(error instanceof pg.DatabaseError) || isConnectionLoss(error)) return error;
  const remedy = remedyFor(error.code, statement.text);
  const lines = [
    `${placeOf(error, sql, statement)}: ${error.message} (SQLSTATE ${error.code})`,
    error.detail && `  detail: ${error.detail}`,
    error.hint && `  hint: ${error.hint}`,
    ...(WAITED.includes(error.code ?? '') ? blockers.map((blocker) => `  held by ${blocker}`) : []),
    remedy && `  ${remedy}`,
  ];
  return new Failure(1, lines.filter(Boolean).join('\n'), { cause: error });
}

/** The SQLSTATE of a refusal that describeFailure has described; undefined for any other error. */
export function sqlStateOf(error: unknown): string | undefined {
  const cause = error instanceof Failure ? error.cause : undefined;
  return cause instanceof pg.DatabaseError ? cause.code : undefined;
}

/** The error's own place in what was sent, or the statement's where it has none. */
function placeOf({ position }: pg.DatabaseError, { file, text }: SqlFile, statement: FileStatement): string {
  const own = position && placeIn(text, codeUnits(text, Number(position) - 1), { line: 1, column: 1 });
  const { line, column } = own || statement;
  return `${relative('', file)}:${line}:${column}`;
}
