import { readFile } from 'node:fs/promises';
import { type Place, placeIn, splitSql } from '../index.ts';

export interface SqlFile {
  file: string;
  text: string;
}

/** One statement of an SQL file; `line` and `column` are where its first word stands. */
export interface FileStatement extends SqlFile, Place {}

/** The statements of a file. Throws the parser's error for a file that it refuses. */
export async function readStatements(file: string): Promise<FileStatement[]> {
  return await statementsOf(await readFile(file, 'utf8'), file);
}

/** As readStatements, of a text; `file` is only carried along. */
export async function statementsOf(sql: string, file: string): Promise<FileStatement[]> {
  const statements = await splitSql(sql);
  return statements.map(({ text, offset }) => ({
    file,
    text,
    ...placeIn(sql, offset, { line: 1, column: 1 }),
  }));
}
