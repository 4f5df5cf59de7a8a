import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Suite } from './suite.ts';

/** What holds for what a block has begun beyond its own processes, when it is ended from outside. */
export function beyondCases({ sh, sql }: Suite): void {
  const marks = async (table: string) => (await sql(`SELECT count(*) FROM ${table}`)).results[0]?.rows;

  describe.each([
    ['nas', 'docker compose exec -T postgres psql -U crosshot -d crosshot -c'],
    ['postgres', 'psql -U crosshot -d crosshot -c'],
  ])('a session that a block on=%s began', (on, psql) => {
    it('ends with the block, and what it would have done is not done afterwards', async () => {
      const table = `late_${randomInt(1_000_000)}`;
      await sql(`CREATE TABLE ${table} (n int)`);
      const late = `SELECT pg_sleep(60); INSERT INTO ${table} VALUES (1)`;
      const output = await sh(on, `echo begun; ${psql} "${late}"`, {}, 'timeout=3s');
      expect(output).toMatchObject({ timedOut: true });
      const sleeping = `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%INTO ${table}%' AND pid <> pg_backend_pid()`;
      expect((await sql(sleeping)).results[0]?.rows).toEqual([['0']]);
      expect(await marks(table)).toEqual([['0']]);
      await sql(`DROP TABLE ${table}`);
    });
  });

  it('a program that a block on=nas began inside of a container ends with the block', async () => {
    const seconds = randomInt(100_000, 1_000_000);
    const output = await sh('nas', `docker compose exec -T redis sleep ${seconds}`, {}, 'timeout=3s');
    expect(output).toMatchObject({ timedOut: true });
    const pattern = `[s]leep.${seconds}`;
    const count = `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '.' | grep -c '${pattern}' || true`;
    expect((await sh('redis', count)).stdout.text).toBe('0\n');
  });
}
