import { describe, expect, it } from 'vitest';
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

    it('is the database’s: the connection is lost, and found again after', async () => {
      let restarted: Promise<unknown> | null = null;
      const onLine = () => {
        restarted ??= sh('nas', 'docker compose restart postgres; docker compose up -d --wait postgres');
      };
      await expect(sql('SELECT pg_sleep(1000)', { onLine })).rejects.toThrow(/^the connection was lost: /);
      await restarted;
      expect((await sql('SELECT 1')).refusal).toBeNull();
    });
  });
}
