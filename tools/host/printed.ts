import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CannotRun } from '../outcome/output.ts';
import type { Start } from './start.ts';

/** What a program printed, and how it ended. */
export interface Printed {
  stdout: string;
  stderr: string;
  /** Null where a signal ended it. */
  exitCode: number | null;
}

/**
 * Runs a program to its end, with `input` as its standard input. Where `signal` aborts it is killed. Throws CannotRun
 * where it cannot be started.
 */
export async function printedBy(
  start: Start,
  argv: string[],
  signal: AbortSignal,
  input: string | Readable = '',
): Promise<Printed> {
  const child = start(argv);
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  // What a program does not read to its end is no failure of its own.
  child.stdin.on('error', () => undefined);
  if (typeof input === 'string') child.stdin.end(input);
  else pipeline(input, child.stdin).catch(() => undefined);
  const kill = () => child.kill('SIGKILL');
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill, { once: true });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', ({ message }) => {
      reject(new CannotRun(`${child.spawnfile} cannot be started: ${message}`));
    });
    child.once('close', resolve);
  }).finally(() => signal.removeEventListener('abort', kill));
  return { ...printed, exitCode };
}
