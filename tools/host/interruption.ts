/** Of what nobody interrupts. */
export const NEVER: AbortSignal = new AbortController().signal;

/** What the person ended before any block had run. `message` says what it was in the middle of. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  readonly doing: string;

  constructor(doing: string) {
    super(`interrupted while ${doing}; nothing was run`);
    this.doing = doing;
  }
}

/**
 * The work's result, or Interrupted as soon as `signal` aborts, e.g. while `connecting to admin@shop`. The work itself
 * is then left behind: whoever began it ends what it holds.
 */
export async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal, doing: string): Promise<T> {
  // Left behind, it may fail with nobody to hear it.
  work.catch(() => undefined);
  let stop: () => void = () => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => reject(new Interrupted(doing));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([interrupted, work]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
