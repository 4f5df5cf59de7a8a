import { describe, expect, it } from 'vitest';
import type { Fact } from '../../tools/outcome/fact.ts';
import { CannotRun } from '../../tools/outcome/output.ts';
import type { Suite } from './suite.ts';

/** What holds where the other end goes away. */
export function goneCases({ sh, sql }: Suite): void {
  describe('a container that is not there', () => {
    it('dies in the middle of a block: the block has not passed, or its end is unknown', async () => {
      const text = 'echo begun; redis-cli shutdown nosave; sleep 1000; echo alive';
      const how = await sh('redis', text).then(
        ({ exitCode }) => exitCode,
        (error: Error) => error.name,
      );
      // A container that is back already tells, where it shares its machine's boot, that its shell was killed.
      expect(['UnknownEnd', 137]).toContain(how);
      await sh('nas', 'docker compose up -d --wait redis');
    });

    it('is stopped: the block could not be tried', async () => {
      await sh('nas', 'docker compose stop redis');
      await expect(sh('redis', 'true')).rejects.toThrow(CannotRun);
      await sh('nas', 'docker compose up -d --wait redis');
    });

    it('is the database’s: the connection is lost and found again, and the block runs to its end', async () => {
      const started = (await sql('SELECT pg_postmaster_start_time()')).results[0]?.rows[0]?.[0];
      const facts: Fact[] = [];
      let restarted: Promise<unknown> | null = null;
      const onLine = () => {
        restarted ??= sh('nas', 'docker compose restart postgres; docker compose up -d --wait postgres');
      };
      const text = `SELECT pg_sleep(CASE pg_postmaster_start_time() WHEN '${started}' THEN 1000 ELSE 0 END)`;
      const record = async (fact: Fact) => void facts.push(fact);
      expect(await sql(text, { onLine, record })).toMatchObject({
        refusal: null,
        results: [{ rowCount: 1 }],
      });
      expect(facts).toMatchObject([{ state: 'lost' }, { state: 'back' }]);
      await restarted;
    });
  });
}
