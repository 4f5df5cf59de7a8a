import type { Host } from './host.ts';

/** What a program on a host said, and how it ended: `code` is null where a signal ended it, or it is not there. */
export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program on a host and waits for its end, at most `timeoutMs`; null where it has not ended by then. It never
 * throws: what cannot be started has said so in `stderr`.
 */
export async function askHost(
  { start }: Host,
  argv: string[],
  timeoutMs: number,
  input = '',
): Promise<Answer | null> {
  const child = start(argv);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(null);
    }, timeoutMs);
    const end = (answer: Answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    child.once('error', ({ message }) => end({ code: null, stdout: '', stderr: message }));
    child.once('close', (code) => end({ code, ...said }));
  });
}
