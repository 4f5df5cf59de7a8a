import { CannotRun } from '../outcome/output.ts';

/** So long is waited for an answer that should take a moment, e.g. of a server or of a program that only looks. */
const PATIENCE_MS = 15_000;

/**
 * What `work` gives where it does so in `ms`; its signal aborts when the time is over. Throws CannotRun that says what
 * was waited for, and for how long.
 */
export async function within<T>(
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
  ms = PATIENCE_MS,
): Promise<T> {
  const controller = new AbortController();
  let ring: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    ring = setTimeout(() => {
      const why = new CannotRun(`${what} did not answer within ${ms / 1000} s`);
      reject(why);
      controller.abort(why);
    }, ms);
  });
  const working = work(controller.signal);
  // Left behind, it may fail with nobody to hear it.
  working.catch(() => undefined);
  try {
    return await Promise.race([over, working]);
  } finally {
    clearTimeout(ring);
  }
}
