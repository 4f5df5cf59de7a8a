import { readFile } from 'node:fs/promises';
import { postgreSplitterOptions, splitQuery } from 'dbgate-query-splitter';
import { type Place, placeIn, sqlLead } from '../index.ts';

/** One statement of an SQL file; `line` and `column` are where its first word stands. */
export interface FileStatement extends Place {
  file: string;
  text: string;
}

/** The statements of a file of this repository. What is no SQL is for the server to refuse. */
export async function readStatements(file: string): Promise<FileStatement[]> {
  return statementsOf(await readFile(file, 'utf8'), file);
}

/**
 * As readStatements, of a text; `file` is only carried along. PostgreSQL's own parser would take longer to load than a
 * migration of a small database takes.
 */
export function statementsOf(sql: string, file: string): FileStatement[] {
  return splitQuery(sql, { ...postgreSplitterOptions, returnRichInfo: true }).flatMap((item) => {
    if (typeof item === 'string' || !item.trimStart) return [];
    // The splitter counts the comments above a statement as part of it.
    const lead = sqlLead(item.text);
    const text = item.text.slice(lead.length);
    const place = placeIn(sql, item.trimStart.position + lead.length, { line: 1, column: 1 });
    return text === '' ? [] : [{ file, text, ...place }];
  });
}
