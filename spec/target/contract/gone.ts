import { describe, expect, it } from 'vitest';
import { CannotRun } from '../../../tools/outcome/output.ts';
import type { Suite } from './suite.ts';

/** What holds where the other end goes away. */
export function goneCases({ sh, sql }: Suite): void {
  describe('a container that is not there', () => {
    it('dies in the middle of a block: the block ends, and has not passed', async () => {
      const text = 'echo begun; redis-cli shutdown nosave; sleep 1000; echo alive';
      const ended = await sh('redis', text).catch((error: unknown) => error);
      if (ended instanceof Error) expect(ended).toBeInstanceOf(CannotRun);
      else
        expect(ended).toMatchObject({
          timedOut: false,
          stdout: { text: 'begun\n' },
          exitCode: expect.toSatisfy((code) => code !== 0),
        });
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
      const ended = await sql('SELECT pg_sleep(1000)', { onLine }).catch((error: unknown) => error);
      if (ended instanceof Error) expect(ended).toBeInstanceOf(CannotRun);
      else expect(ended).toMatchObject({ refusal: { sqlstate: '57P01' } });
      await restarted;
      expect((await sql('SELECT 1')).refusal).toBeNull();
    });
  });
}
