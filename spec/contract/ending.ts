import { describe, expect, it } from 'vitest';
import { CannotRun } from '../../tools/outcome/output.ts';
import type { Suite } from './suite.ts';

/** Sleeps for longer than any spec waits, once it has said the backend's process id in a notice. */
const SLEEPS = "DO $$ BEGIN RAISE NOTICE 'backend %', pg_backend_pid(); PERFORM pg_sleep(1000); END $$";

/** What holds for the end of an `sql` block that does not end by itself. */
export function endingCases({ sh, sql }: Suite): void {
  /** Runs a block, and with the id of the backend that sleeps in it, something beside it. */
  const asleep = async (beside: (pid: string) => Promise<unknown>, attributes = '', signal?: AbortSignal) => {
    let besides: Promise<unknown> | undefined;
    const onLine = (line: string) => {
      const pid = /backend (\d+)/.exec(line)?.[1];
      if (pid) besides = beside(pid);
    };
    const output = await sql(SLEEPS, { onLine, ...(signal ? { signal } : {}) }, attributes);
    await besides;
    return output;
  };

  const sleeping = async () => {
    const text = `SELECT count(*) FROM pg_stat_activity
      WHERE query LIKE '%pg_sleep(1000)%' AND pid <> pg_backend_pid() AND state = 'active'`;
    return (await sql(text)).results[0]?.rows;
  };

  describe('an sql block', () => {
    it('has one deadline for all of its statements', async () => {
      // Neither takes as long as the block may, and there are seconds to ask the server to cancel the second.
      const output = await sql('SELECT pg_sleep(7); SELECT pg_sleep(7.5)', {}, 'timeout=8s');
      expect(output).toMatchObject({ timedOut: true, interrupted: false, refusal: null });
      expect(output.results.length).toBeLessThan(2);
    });

    it('cannot put its deadline off', async () => {
      const text = 'SET statement_timeout = 0; SELECT pg_sleep(1000)';
      expect(await sql(text, {}, 'timeout=3s')).toMatchObject({ timedOut: true, refusal: null });
      expect(await sleeping()).toEqual([['0']]);
    });

    it('is ended in the server when the run is interrupted', async () => {
      const controller = new AbortController();
      const interrupt = async () => controller.abort();
      const output = await asleep(interrupt, '', controller.signal);
      expect(output).toMatchObject({ timedOut: false, interrupted: true, refusal: null, results: [] });
      expect(await sleeping()).toEqual([['0']]);
    });

    it('is refused, and not out of time, where somebody else cancels it', async () => {
      const cancel = (pid: string) => sql(`SELECT pg_cancel_backend(${pid})`);
      expect(await asleep(cancel)).toMatchObject({
        timedOut: false,
        interrupted: false,
        refusal: { sqlstate: '57014' },
      });
    });

    it('is refused, and not out of time, where the server has a timeout of its own', async () => {
      const output = await sql("SET statement_timeout = '100ms'; SELECT pg_sleep(1000)");
      expect(output).toMatchObject({ timedOut: false, refusal: { sqlstate: '57014' } });
    });

    it('whose backend is stopped is let go of when the run is interrupted', async () => {
      const controller = new AbortController();
      let stopped = '';
      const stop = async (pid: string) => {
        stopped = pid;
        await signalled('STOP', pid);
        controller.abort();
      };
      const output = await asleep(stop, '', controller.signal);
      expect(output).toMatchObject({ timedOut: false, interrupted: true, refusal: null });
      await signalled('CONT', stopped);
      await expect.poll(sleeping, PATIENTLY).toEqual([['0']]);
    });

    it('whose backend is stopped is let go of when its time is over', async () => {
      let stopped = '';
      const stop = (pid: string) => {
        stopped = pid;
        return signalled('STOP', pid);
      };
      expect(await asleep(stop, 'timeout=5s')).toMatchObject({ timedOut: true, refusal: null });
      await signalled('CONT', stopped);
      await expect.poll(sleeping, PATIENTLY).toEqual([['0']]);
    });
  });

  it('an sql block whose backend dies is run again, but not for ever: it may be what brings the server down', async () => {
    const ended = asleep((pid) => signalled('KILL', pid));
    await expect(ended).rejects.toThrow(CannotRun);
    await expect(ended).rejects.toThrow(
      /^the connection was lost 3 times at “DO .*: Connection terminated unexpectedly; nothing of the block was committed/,
    );
    // The server starts over.
    await expect
      .poll(
        () =>
          sql('SELECT 1').then(
            ({ refusal }) => refusal,
            () => 'unreachable',
          ),
        PATIENTLY,
      )
      .toBeNull();
  });

  const signalled = async (name: 'STOP' | 'CONT' | 'KILL', pid: string) => {
    expect(await sh('postgres', `kill -${name} ${pid}`)).toMatchObject({ exitCode: 0 });
  };
}

const PATIENTLY = { timeout: 120_000, interval: 100 };
