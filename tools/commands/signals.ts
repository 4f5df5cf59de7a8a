import type { Person } from './ask.ts';

const interrupted = new AbortController();
const left = new AbortController();

/**
 * Aborted at the first Ctrl-C or SIGTERM, so that a run can end what it began. A terminal that is closed (SIGHUP) ends
 * no run: it goes on without a screen, as it does without a reader.
 */
function interruption(): AbortSignal {
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
  process.on('SIGHUP', () => left.abort());
  return interrupted.signal;
}

/** Whether the person has interrupted what `interruption` was called for. */
export const wasInterrupted = () => interrupted.signal.aborted;

/** Whoever can be asked: nobody, once the terminal has been closed. Interrupts as `interruption` does. */
export function person(): Person {
  const terminal = Boolean(process.stdin.isTTY && process.stdout.isTTY);
  // Not every terminal that is closed sends a signal.
  if (terminal) for (const event of ['end', 'error']) process.stdin.on(event, () => left.abort());
  return {
    terminal,
    left: left.signal,
    interrupted: interruption(),
    interrupt: () => interrupted.abort(),
  };
}
