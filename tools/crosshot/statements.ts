import { readFile } from 'node:fs/promises';
import { parse } from 'libpg-query';

/**
 * One statement of an SQL file; `line` and `column` (from 1, in characters) are where its first word stands.
 */
export interface Statement {
  file: string;
  text: string;
  line: number;
  column: number;
}

interface RawStatement {
  stmt_location?: number;
  stmt_len?: number;
}

/**
 * The statements of a file, split by PostgreSQL's own parser. Throws the parser's error for a file that it
 * refuses.
 */
export async function readStatements(file: string): Promise<Statement[]> {
  return splitStatements(await readFile(file, 'utf8'), file);
}

/** As readStatements, of a text; `file` is only carried along. */
export async function splitStatements(sql: string, file: string): Promise<Statement[]> {
  const bytes = Buffer.from(sql);
  const { stmts = [] } = (await parse(sql)) as { stmts?: RawStatement[] };
  return stmts.map(({ stmt_location: from = 0, stmt_len: length }) => {
    const end = length === undefined ? bytes.length : from + length;
    return locate(bytes.toString('utf8', 0, from), bytes.toString('utf8', from, end), file);
  });
}

/** The parser counts the comments above a statement as part of it. */
const LEADING_COMMENTS = /^(?:\s+|--[^\n]*|\/\*.*?\*\/)*/s;

function locate(before: string, text: string, file: string): Statement {
  const comments = LEADING_COMMENTS.exec(text)?.[0] ?? '';
  return { file, text: text.slice(comments.length).trimEnd(), ...placeAt(before + comments) };
}

/** The line and column just behind a text. */
export function placeAt(before: string): { line: number; column: number } {
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
