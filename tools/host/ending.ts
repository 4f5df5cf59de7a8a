/** What ends a block from outside: its time, or the person. */
export interface Ending {
  /** Which of the two came first; null while neither has. It stays as it is once `forget` was called. */
  readonly by: 'timeout' | 'interruption' | null;
  /** Aborts when either comes; its reason is an Error that says which. */
  readonly signal: AbortSignal;
  /** The block has ended by itself. */
  forget(): void;
}

/** The longest that a timer of Node's can wait: beyond it, one would ring at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Ends a block after `timeoutMs` or when `signal` aborts, whichever comes first. Not with AbortSignal.any: what it
 * returns may be collected while it is listened to.
 */
export function endingOf(timeoutMs: number, signal: AbortSignal): Ending {
  const controller = new AbortController();
  let by: Ending['by'] = null;
  const end = (first: NonNullable<Ending['by']>) => {
    by ??= first;
    forget();
    const why = by === 'timeout' ? `no answer within the timeout of ${timeoutMs / 1000} s` : 'interrupted';
    controller.abort(new Error(why));
  };
  const interrupt = () => end('interruption');
  const timer = setTimeout(() => end('timeout'), Math.min(timeoutMs, LONGEST_MS));
  const forget = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  };
  if (signal.aborted) interrupt();
  else signal.addEventListener('abort', interrupt, { once: true });
  return {
    get by() {
      return by;
    },
    signal: controller.signal,
    forget,
  };
}

/** After a polite end, before one for good. */
export const GRACE_MS = 5000;
