import type { Client } from 'pg';

const ROWS_AT_ONCE = 500;

/** The rows of a query, a batch in memory at a time. Needs an open transaction, and one reader at a time. */
export async function* readInBatches<Row extends object>(
  client: Client,
  query: string,
  values: unknown[] = [],
): AsyncGenerator<Row> {
  await client.query(`DECLARE batches NO SCROLL CURSOR FOR ${query}`, values);
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${ROWS_AT_ONCE} FROM batches`);
    yield* rows;
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await client.query('CLOSE batches');
}
