import { readFile } from 'node:fs/promises';
import { type Place, placeIn, splitSql } from '../index.ts';

/** One statement of an SQL file; `line` and `column` are where its first word stands. */
export interface FileStatement extends Place {
  file: string;
  text: string;
}

/** The statements of a file. Throws the parser's error for a file that it refuses. */
export async function readStatements(file: string): Promise<FileStatement[]> {
  return statementsOf(await readFile(file, 'utf8'), file);
}

/** As readStatements, of a text; `file` is only carried along. */
export function statementsOf(sql: string, file: string): FileStatement[] {
  return splitSql(sql).map(({ text, offset }) => ({
    file,
    text,
    ...placeIn(sql, offset, { line: 1, column: 1 }),
  }));
}
