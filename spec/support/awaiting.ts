import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';

type Started = Pick<ChildProcess, 'exitCode' | 'signalCode'> &
  PromiseLike<{ stdout?: unknown; stderr?: unknown }>;

/** Resolves when there is a file of this name. Throws where the process that was to make it has ended without. */
export async function appears(path: string, child?: Started): Promise<void> {
  while (!existsSync(path)) {
    if (child && (child.exitCode !== null || child.signalCode !== null)) {
      const { stdout, stderr } = await child;
      throw new Error(`it ended and made no ${path}:\n${stdout}\n${stderr}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when a stream has printed a text. */
export function printed(stream: NodeJS.ReadableStream, text: string): Promise<void> {
  let seen = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk) => {
      seen += String(chunk);
      if (seen.includes(text)) resolve();
    });
  });
}
