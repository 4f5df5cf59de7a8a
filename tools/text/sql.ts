import { setFlagsFromString } from 'node:v8';
import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import { codeUnits } from './place.ts';
import { sqlLead } from './sql-lead.ts';

// V8 would compile the parser's functions a second time, optimized, while the first pages are read: that took a fifth of
// a check of runbook.md and a third of the processor's time, and gained nothing for pages of 6,000 statements either.
setFlagsFromString('--liftoff-only');
await loadModule();
setFlagsFromString('--no-liftoff-only');

/** A statement of a text of SQL, as PostgreSQL's own parser delimits it. */
export interface SqlStatement {
  /** From its first word on, without the semicolon. */
  text: string;
  /** Where its first word stands in the whole text, in UTF-16 units. */
  offset: number;
  /** The blanks and comments between it and the statement before it. */
  lead: string;
  /** What the parser makes of it: `{ SelectStmt: … }`. */
  tree: Record<string, unknown>;
}

/** What PostgreSQL's parser says of a text that it refuses. */
export class SqlSyntaxError extends Error {
  override name = 'SqlSyntaxError';
  /** Where in the text, in UTF-16 units. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface RawStatement {
  stmt: SqlStatement['tree'];
  /** In bytes of UTF-8, as `stmt_len` is. */
  stmt_location?: number;
  stmt_len?: number;
}

/** The statements of a text, in order; a text of comments has none. Throws SqlSyntaxError where the parser refuses it. */
export function splitSql(sql: string): SqlStatement[] {
  if (!/\S/.test(sql)) return [];
  const bytes = Buffer.from(sql);
  // Where the last statement began, in bytes and in UTF-16 units: no byte is decoded for each of the others again.
  let [byte, unit] = [0, 0];
  return parse(sql).map((raw) => {
    const from = raw.stmt_location ?? 0;
    unit += bytes.toString('utf8', byte, from).length;
    byte = from;
    return statementOf(raw, bytes, unit);
  });
}

/**
 * PostgreSQL's lexer reads a whole run of such signs anew at each beginning of a comment within it: a megabyte of them
 * would take it an hour.
 */
const MOST_SIGNS = 20_000;
const SIGNS = /[~!@#^&|`?+*/%<>=-]+/g;

/** Of the text that it stumbles over, its message has all that stands there. */
const NEAR = ' at or near "';
const MOST_NEAR = 60;

function parse(sql: string): RawStatement[] {
  for (const { 0: signs, index } of sql.matchAll(SIGNS))
    if (signs.length > MOST_SIGNS)
      throw new SqlSyntaxError('more than 20,000 signs of operators or comments without a blank', index);
  try {
    return (parseSync(sql) as { stmts?: RawStatement[] }).stmts ?? [];
  } catch (error) {
    const characters = hasSqlDetails(error) ? error.sqlDetails.cursorPosition : 0;
    const { message } = error as Error;
    const near = message.indexOf(NEAR) + NEAR.length;
    const isLong = near >= NEAR.length && message.length - near > MOST_NEAR;
    const said = isLong ? `${message.slice(0, near + MOST_NEAR)}…"` : message;
    throw new SqlSyntaxError(said, codeUnits(sql, Math.max(0, characters)));
  }
}

function statementOf(
  { stmt, stmt_location: from = 0, stmt_len: length }: RawStatement,
  bytes: Buffer,
  start: number,
): SqlStatement {
  const whole = bytes.toString('utf8', from, length === undefined ? bytes.length : from + length);
  // The parser counts the comments above a statement as part of it.
  const lead = sqlLead(whole);
  return { text: whole.slice(lead.length).trimEnd(), offset: start + lead.length, lead, tree: stmt };
}
