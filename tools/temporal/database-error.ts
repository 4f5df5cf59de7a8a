import { relative } from 'node:path';
import pg from 'pg';
import { isConnectionLoss } from './connection.ts';
import { Problem } from './problem.ts';
import { placeAt, type Statement } from './statements.ts';

/**
 * PostgreSQL's refusal of a statement as a Problem: file, line, column, its message, SQLSTATE, detail and
 * hint, who was in the way, and what to do. An error that is not about the statement is returned as it is.
 */
export function describeFailure(error: unknown, statement: Statement, blockers: string[]): unknown {
  if (!(error instanceof pg.DatabaseError) || isConnectionLoss(error)) return error;
  const lines = [
    `${placeOf(error, statement)}: ${error.message} (SQLSTATE ${error.code})`,
    error.detail && `  detail: ${error.detail}`,
    error.hint && `  hint: ${error.hint}`,
    ...blockers.map((blocker) => `  held by ${blocker}`),
    ...remediesFor(error, statement).map((remedy) => `  ${remedy}`),
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

interface Remedy {
  codes: string[];
  statement?: RegExp;
  say: string;
}

const REMEDIES: Remedy[] = [
  {
    codes: ['42501'],
    statement: /^create extension/i,
    say: 'As a superuser run CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; here, then try again.',
  },
  {
    codes: ['42P07', '42701', '42710', '42723'],
    say: 'Half made: alembic_version does not know of this object. Drop it or restore the backup.',
  },
  {
    codes: ['55P03'],
    say: 'The lock was not to be had in time. Stop the services or end that session, then run this again.',
  },
  {
    codes: ['42601'],
    statement: /\bcompression\b/i,
    say: 'The migrations need PostgreSQL 14 or newer.',
  },
  {
    codes: ['58P01', '0A000'],
    statement: /^create extension/i,
    say: 'The server lacks the contrib extensions: use an image or package that has them.',
  },
];

const remediesFor = (error: pg.DatabaseError, { text }: Statement) =>
  REMEDIES.filter(
    ({ codes, statement }) => codes.includes(error.code ?? '') && (statement?.test(text) ?? true),
  ).map(({ say }) => say);
