import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { MB, type Suite } from './suite.ts';

/** What holds for the stream to the database. */
export function databaseCases({ sh, sql }: Suite): void {
  describe('the database', () => {
    it('gives typed rows, and the refusal with its SQLSTATE', async () => {
      const { results, refusal } = await sql("-- One\nSELECT 1 AS n, 'x' AS t;\nSELECT 1/0;");
      expect(results).toMatchObject([
        {
          title: 'One',
          rowCount: 1,
          rows: [['1', 'x']],
          columns: [{ name: 'n', type: 'int4' }, { name: 't' }],
        },
      ]);
      expect(refusal).toMatchObject({ sqlstate: '22012' });
    });

    it('ends a statement when time runs out', async () => {
      expect(await sql('SELECT pg_sleep(1000)', {}, 'timeout=500ms')).toMatchObject({ timedOut: true });
      expect(await sleeping()).toEqual([['0']]);
    });

    it('ends a statement when the run is interrupted', async () => {
      const controller = new AbortController();
      const onLine = () => controller.abort();
      const { refusal } = await sql('SELECT pg_sleep(1000)', { onLine, signal: controller.signal });
      expect(refusal).toMatchObject({ sqlstate: '57014' });
      expect(await sleeping()).toEqual([['0']]);
    });

    const sleeping = async () => {
      const text =
        "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(1000)' AND state = 'active'";
      return (await sql(text)).results[0]?.rows;
    };

    it('is reached by blocks on=local through DATABASE_URL', async () => {
      const url = (await sh('local', 'echo "$DATABASE_URL"')).stdout.text.trim();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        expect((await client.query('SELECT length($1) AS n', ['x'.repeat(20 * MB)])).rows).toEqual([
          { n: 20 * MB },
        ]);
        expect(
          await received(client, `COPY (SELECT repeat('x', ${MB}) FROM generate_series(1, 75)) TO STDOUT`),
        ).toBe(75 * MB + 75);
      } finally {
        await client.end();
      }
    });

    it('is not given to other places', async () => {
      expect((await sh('nas', 'echo "${DATABASE_URL-none}"')).stdout.text).toBe('none\n');
    });
  });
}

/** How many bytes a COPY … TO STDOUT gives. */
function received(client: pg.Client, text: string): Promise<number> {
  const connection = (client as unknown as { connection: NodeJS.EventEmitter }).connection;
  let bytes = 0;
  connection.on('copyData', ({ chunk }: { chunk: Buffer }) => {
    bytes += chunk.length;
  });
  return client.query(text).then(() => bytes);
}
