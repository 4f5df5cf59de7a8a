import { relative } from 'node:path';
import pg from 'pg';
import { Problem } from '../failure.ts';
import { placeAt, type Statement } from '../statements.ts';
import { isConnectionLoss } from './connection.ts';
import { remedyFor } from './remedies.ts';

/**
 * PostgreSQL's refusal of a statement as a Problem: file, line, column, its message, SQLSTATE, detail and
 * hint, who was in the way, and what to do. An error that is not about the statement is returned as it is.
 */
export function describeFailure(error: unknown, statement: Statement, blockers: string[]): unknown {
  if (!(error instanceof pg.DatabaseError) || isConnectionLoss(error)) return error;
  const remedy = remedyFor(error.code, statement.text);
  const lines = [
    `${placeOf(error, statement)}: ${error.message} (SQLSTATE ${error.code})`,
    error.detail && `  detail: ${error.detail}`,
    error.hint && `  hint: ${error.hint}`,
    ...blockers.map((blocker) => `  held by ${blocker}`),
    remedy && `  ${remedy}`,
  ];
  return new Problem(1, lines.filter(Boolean).join('\n'));
}

/** The error's own place in the statement, or the statement's where it has none. */
function placeOf(error: pg.DatabaseError, { file, text, line, column }: Statement): string {
  const within = placeAt(
    Array.from(text)
      .slice(0, Number(error.position ?? 1) - 1)
      .join(''),
  );
  const at =
    within.line === 1
      ? `${line}:${column + within.column - 1}`
      : `${line + within.line - 1}:${within.column}`;
  return `${relative('', file)}:${at}`;
}
