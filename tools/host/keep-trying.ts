import { setTimeout as wait } from 'node:timers/promises';
import { CannotRun } from '../outcome/output.ts';

/** For so long something that a broken connection keeps from being done is tried again. */
export const TRY_FOR_S = 60;
const RETRY_MS = 1000;

/** It is of no use to try again. */
export class NeverWill extends CannotRun {}

/**
 * What `work` gives at the first try that does not throw CannotRun; there is one a second. Throws NeverWill at once, and the
 * last CannotRun when a minute is over or `signal` aborts. `failed` is told the first reason, and that it is tried again.
 */
export async function keepTrying<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  failed: (line: string) => void = () => undefined,
): Promise<T> {
  const deadline = performance.now() + TRY_FOR_S * 1000;
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CannotRun) || error instanceof NeverWill) throw error;
      if (signal.aborted || performance.now() > deadline) throw error;
      if (tries === 1) failed(`${error.message}: for ${TRY_FOR_S} s it is tried again`);
      await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
