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

    it('gives a block that reads no way to write', async () => {
      await sql('CREATE SEQUENCE numbers');
      const { refusal } = await sql("SELECT nextval('numbers')", {}, 'effect=reads');
      await sql('DROP SEQUENCE numbers');
      expect(refusal).toMatchObject({ sqlstate: '25006' });
    });

    it('leaves out a row that is too long to be held, and goes on', async () => {
      const { results } = await sql(`SELECT 1 AS n UNION ALL SELECT 2; SELECT repeat('x', ${20 * MB})`);
      expect(results).toMatchObject([
        { rowCount: 2, truncated: false },
        { rowCount: 1, rows: [], truncated: true, unreadBytes: 20 * MB + 6 },
      ]);
    });

    it('cuts a long refusal short', async () => {
      const { refusal } = await sql(`DO $$ BEGIN RAISE '%', repeat('x', ${20 * MB}); END $$`);
      expect(refusal).toMatchObject({
        sqlstate: 'P0001',
        message: expect.stringMatching(/^x{60000,70000}$/),
      });
    });

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
