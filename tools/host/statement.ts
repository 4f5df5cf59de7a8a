import pg from 'pg';
import type { SqlBlock } from '../document/document.ts';
import type { Columns, Row } from '../expect/subject.ts';
import type { StatementResult } from '../outcome/output.ts';
import { type StatementWatch, watchStatement } from '../outcome/watch.ts';
import { typeName } from './database.ts';

/** Of one statement, so many rows are kept, and so many characters of them; more are judged and counted. */
const KEPT_ROWS = 10_000;
const KEPT_CHARACTERS = 4 * 1024 * 1024;

/** Of the running statement, the rows that were too long to be read: how many, and the bytes of the longest. */
export interface LeftOut {
  rows: number;
  bytes: number;
}

/**
 * Runs the block's statement of this index, its sentences judged row by row, so that a million rows are not held.
 * Throws pg's DatabaseError where the server refuses it, and Error where the connection breaks.
 */
export async function runStatement(
  client: pg.Client,
  block: SqlBlock,
  index: number,
  leftOut: LeftOut,
): Promise<StatementResult> {
  const { title = '', text = '' } = block.statements[index] ?? {};
  const started = performance.now();
  Object.assign(leftOut, { rows: 0, bytes: 0 });
  const rows = new KeptRows();
  let watch: StatementWatch | null = null;
  const { columns, rowCount, command } = await query(client, text, (row, ofColumns) => {
    watch ??= watchStatement(block, index, ofColumns);
    watch.see(row);
    rows.add(row);
  });
  const returned = rows.seen + leftOut.rows;
  const truncated = rows.kept.length < returned;
  const result = {
    title,
    columns,
    rows: rows.kept,
    rowCount: columns.length > 0 ? returned : rowCount,
    truncated,
    command,
    durationMs: performance.now() - started,
  };
  if (leftOut.rows > 0) return { ...result, unreadBytes: leftOut.bytes };
  const seen = watch as StatementWatch | null;
  return truncated && seen ? { ...result, verdicts: seen.verdicts(returned) } : result;
}

/** The first rows of a result set, as many as are kept. */
class KeptRows {
  readonly kept: Row[] = [];
  seen = 0;
  #room = KEPT_CHARACTERS;

  add(row: Row): void {
    this.seen++;
    const whole = this.kept.length === this.seen - 1;
    const size = row.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
    if (!whole || this.kept.length === KEPT_ROWS || size > this.#room) return;
    this.#room -= size;
    this.kept.push(row);
  }
}

type Finished = { columns: Columns; rowCount: number; command: string };

function query(
  client: pg.Client,
  text: string,
  onRow: (row: Row, columns: Columns) => void,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const running = new pg.Query({ text, rowMode: 'array' } as pg.QueryConfig);
    const tag = tagOf(running);
    let columns: Columns | null = null;
    running.on('row', (row: unknown, result: unknown) => {
      columns ??= columnsOf(result as pg.QueryArrayResult);
      onRow(row as Row, columns);
    });
    running.on('error', reject);
    running.on('end', (ended) => {
      const result = ended as unknown as pg.QueryArrayResult;
      resolve({
        columns: columnsOf(result),
        rowCount: result.rowCount ?? 0,
        command: tag() ?? result.command ?? '',
      });
    });
    client.query(running);
  });
}

/** The server's command tag without its numbers, `CREATE TABLE`, of which pg tells the first word only. */
function tagOf(running: pg.Query): () => string | null {
  const completes = running as unknown as { handleCommandComplete(tag: { text: string }, on: unknown): void };
  const complete = completes.handleCommandComplete.bind(running);
  let tag: string | null = null;
  completes.handleCommandComplete = (message, on) => {
    tag = message.text.replace(/(?<![ \d])[ \d]+$/, '');
    complete(message, on);
  };
  return () => tag;
}

const columnsOf = ({ fields }: pg.QueryArrayResult): Columns =>
  (fields ?? []).map(({ name, dataTypeID }) => ({ name, type: typeName(dataTypeID) }));
