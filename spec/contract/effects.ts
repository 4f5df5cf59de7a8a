import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import { changesOf, isMeasured } from '../../tools/outcome/effects.ts';
import { judge } from '../../tools/outcome/judge.ts';
import type { Output } from '../../tools/outcome/output.ts';
import { runToEnd } from '../support/blocks.ts';
import type { Suite } from './suite.ts';

/** What holds for what a witness sees of blocks, and for what a verdict says of it. */
export function effectCases({ opened, sql }: Suite): void {
  const blockOf = (info: string, text: string, below = '') => {
    const page = `# Contract\n\n\`\`\`${info}\n${text}\n\`\`\`\n\n${below}\n`;
    const { blocks, problems } = parseDocument('runbook.md', Buffer.from(page), HOST_KINDS);
    if (!blocks[0] || problems.length > 0) throw new Error(JSON.stringify(problems));
    return blocks[0];
  };

  const measured = ({ effects }: Output) => {
    if (!isMeasured(effects)) throw new Error(JSON.stringify(effects));
    return effects;
  };

  /** What a block did to the database, and what is wrong with it. */
  const watched = async (info: string, text: string, below = '') => {
    const block = blockOf(info, text, below);
    const output = await runToEnd(opened().watched, block);
    const { why, expectations } = judge(block, output, { examples: true });
    const effects = measured(output);
    return { changes: changesOf(effects), effects, why: why?.message ?? null, expectations };
  };

  describe('what a block did to the database', () => {
    beforeAll(async () => {
      await sql('CREATE TABLE goods (id int PRIMARY KEY, name text); CREATE TABLE sold (id int)');
      await sql('CREATE VIEW wares AS TABLE goods');
      await sql(
        'CREATE FUNCTION sell(n int) RETURNS int LANGUAGE sql AS $$ INSERT INTO sold VALUES (n) RETURNING id $$',
      );
    });
    afterAll(() => sql('DROP VIEW wares; DROP TABLE goods, sold; DROP FUNCTION sell'));

    it('is nothing of what was rolled back, and every row of what was committed', async () => {
      const { changes } = await watched(
        'sql { on=postgres }',
        `INSERT INTO goods SELECT n, repeat('x', 3000) FROM generate_series(1, 5000) n;
BEGIN; DELETE FROM goods; ROLLBACK;
BEGIN;
UPDATE goods SET name = 'y' WHERE id <= 30;
SAVEPOINT a; DELETE FROM goods WHERE id > 10; ROLLBACK TO a;
SAVEPOINT b; DELETE FROM goods WHERE id > 4990; RELEASE b;
COMMIT;
INSERT INTO goods VALUES (1, 'z') ON CONFLICT DO NOTHING;
INSERT INTO goods VALUES (2, 'z') ON CONFLICT (id) DO UPDATE SET name = 'z';`,
      );
      expect(changes).toEqual(['goods: 5000 rows inserted, 31 rows updated, 10 rows deleted']);
    });

    it.each([
      ['nas', 'docker compose exec -T postgres psql -qU crosshot crosshot'],
      ['local', 'psql -q "$DATABASE_URL"'],
      ['postgres', 'psql -qU crosshot crosshot'],
    ])('is seen of a shell on=%s, too, by COPY and across segments of the log', async (on, psql) => {
      const { changes, effects } = await watched(
        `sh { on=${on} }`,
        `printf '1\\n2\\n3\\n' | ${psql} -c 'COPY sold FROM STDIN'
${psql} -c 'SELECT pg_switch_wal()' -c 'CHECKPOINT' -c 'DELETE FROM sold WHERE id < 3' >/dev/null`,
      );
      expect(changes).toEqual(['sold: 3 rows inserted, 2 rows deleted']);
      expect(effects.wal_bytes).toBeGreaterThan(0);
    });

    it('is told of what was created, emptied and written elsewhere', async () => {
      const created = await watched('sql { on=postgres }', 'CREATE TABLE new (id int)');
      expect(created.changes[0]).toMatch(/^catalog: pg_attribute, pg_class, /);
      await sql('INSERT INTO new VALUES (1)');
      const emptied = await watched('sql { on=postgres }', 'TRUNCATE new');
      expect(emptied.changes).toEqual(['new: written anew', 'catalog: pg_class']);
      const elsewhere = await watched('sql { on=postgres }', 'CREATE DATABASE spare; DROP DATABASE spare');
      expect(elsewhere.changes).toEqual(['catalog: pg_database']);
      await sql('DROP TABLE new');
    });

    it('may be rows that the log does not hold, where something was committed', async () => {
      await sql('CREATE UNLOGGED TABLE memo (id int)');
      const write = await watched('sql { on=postgres }', 'INSERT INTO memo VALUES (1)');
      expect(write.changes).toEqual(['perhaps, as the log does not hold them, rows of memo']);
      expect(await watched('sql { on=postgres }', 'SELECT id FROM memo')).toMatchObject({ changes: [] });
      const psql = "psql -qU crosshot crosshot -c 'DELETE FROM memo'";
      const { why } = await watched('sh { on=postgres effect=reads }', psql);
      expect(why).toMatch(/^it only reads, as it says, and it changed the database \(perhaps, /);
      await sql('DROP TABLE memo');
    });

    it('is not what others do meanwhile', async () => {
      const block = blockOf(
        'sh { on=postgres effect=reads }',
        'psql -qU crosshot crosshot -c "SELECT pg_sleep(1)"',
      );
      const running = runToEnd(opened().watched, block);
      await sql('INSERT INTO sold SELECT generate_series(1, 100)');
      const output = await running;
      expect(changesOf(measured(output))).toEqual([]);
      expect(judge(block, output, { examples: true }).status).toBe('passed');
    });

    it.each([
      [
        'a shell',
        'sh { on=nas effect=reads }',
        "docker compose exec -T postgres psql -qU crosshot crosshot -c 'SELECT sell(1)'",
      ],
      [
        'statements in a transaction of their own',
        'sql { on=postgres effect=reads }',
        'BEGIN; SELECT sell(1); COMMIT',
      ],
    ])('fails %s that says it reads, and says what changed', async (_, info, text) => {
      const { why } = await watched(info, text);
      expect(why).toMatch(
        /^it only reads, as it says, and it changed the database \(sold: 1 row inserted\):/,
      );
    });

    it('is nothing where a block reads, or tries and takes back', async () => {
      const text = "psql -qU crosshot crosshot -c 'BEGIN' -c 'SELECT sell(1)' -c 'ROLLBACK'";
      expect(await watched('sh { on=postgres effect=reads }', text)).toMatchObject({
        why: null,
        changes: [],
      });
    });

    it('has the locks that others wait for, and a sentence about them', async () => {
      // Long enough for many looks, also where each of them is late.
      const text = (seconds: number) =>
        `BEGIN; LOCK wares IN SHARE MODE; SELECT pg_sleep(${seconds}); COMMIT;`;
      const sentence = (most: string) => `**Expected output:**\n- locks: at most ${most}`;
      const short = await watched('sql { on=postgres effect=writes }', text(2), sentence('100 ms'));
      const { locks, looks_apart_ms } = short.effects;
      expect(new Set(locks.map(({ table, mode }) => `${mode} on ${table}`))).toEqual(
        new Set(['SHARE on goods', 'SHARE on wares']),
      );
      expect(Math.min(...locks.map(({ ms }) => ms))).toBeGreaterThan(400);
      expect(looks_apart_ms).toBeGreaterThan(49);
      expect(short.expectations).toMatchObject([
        {
          status: 'failed',
          expected: 'at most 100 ms',
          actual: expect.stringMatching(/^SHARE on (goods|wares) for /),
        },
      ]);
      const long = await watched('sql { on=postgres effect=writes }', text(0.5), sentence('1 min'));
      expect(long.expectations).toMatchObject([{ status: 'passed' }]);
    });

    it('is not known where nobody watches: then locks are not judged', async () => {
      const block = blockOf(
        'sql { on=postgres }',
        'SELECT 1 AS a',
        '**Expected output:**\n- a is 1\n- locks: at most 1 s',
      );
      const output = await runToEnd(opened().executor, block);
      expect(output.effects).toBeUndefined();
      expect(judge(block, output, { examples: true })).toMatchObject({
        status: 'passed',
        expectations: [
          { status: 'passed' },
          { status: 'not-run', actual: 'locks are seen in a rehearsal only' },
        ],
      });
    });
  });
}
