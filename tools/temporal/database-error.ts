import { relative } from 'node:path';
import pg from 'pg';
import { Problem } from './problem.ts';
import { placeAt, type Statement } from './statements.ts';

/**
 * PostgreSQL's refusal of a statement as a Problem: file, line, column, its message, SQLSTATE, detail and hint, who was
 * in the way, and what to do. A lost connection is a Problem of status 3; any other error is returned as it is.
 */
export function describeFailure(error: unknown, statement: Statement, blockers: string[]): unknown {
  if (!(error instanceof pg.DatabaseError)) return lostConnection(error);
  const lines = [
    `${placeOf(error, statement)}: ${error.message} (SQLSTATE ${error.code})`,
    error.detail && `  detail: ${error.detail}`,
    error.hint && `  hint: ${error.hint}`,
    ...blockers.map((blocker) => `  held by ${blocker}`),
    ...remediesFor(error, statement).map((remedy) => `  ${remedy}`),
  ];
  return new Problem(isShutdown(error) ? 3 : 1, lines.filter(Boolean).join('\n'));
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
    say: 'As a superuser of this database run: CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; then try again.',
  },
  {
    codes: ['42P07', '42701', '42710', '42723'],
    say: 'The schema is half made: this object exists, but alembic_version does not say so. Remove it, or restore the backup.',
  },
  {
    codes: ['55P03'],
    say: 'The lock was not to be had in time. Stop the services or end that session, then run this again.',
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

/** Class 57P: the server is shutting down, was crashed, or ended this session. */
const isShutdown = (error: pg.DatabaseError) => error.code?.startsWith('57P') ?? false;

function lostConnection(error: unknown): unknown {
  const lost = error instanceof Error && /^Connection terminated|ECONNRESET|EPIPE/.test(error.message);
  return lost ? new Problem(3, `the connection to the database was lost: ${error.message}`) : error;
}
