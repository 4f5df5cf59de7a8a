import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { removeThings } from '../../../tools/replica/docker/leftovers.ts';

/** A replica that a process of its own has brought up. */
export interface Abandoned {
  id: string;
  /** Its project directory. */
  directory: string;
  /** Ends the process as `kill -9` does. */
  kill(): Promise<void>;
}

/** The programs to run so: each is killed in its own way of having a replica. */
export const PROGRAMS = {
  rehearsal: fileURLToPath(new URL('./abandon.ts', import.meta.url)),
  testcontainers: fileURLToPath(new URL('./abandon-testcontainers.ts', import.meta.url)),
};

/** Runs a program that makes a replica, prints its id and directory, and waits to be killed. */
export async function abandoned(program: string, ...argv: string[]): Promise<Abandoned> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...argv], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  onTestFinished(kill);
  const ended = once(child, 'close').then(() => Promise.reject(new Error(`${program} ended at its start`)));
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  ended.catch(() => undefined);
  const [id, directory] = String(line).split(' ') as [string, string];
  onTestFinished(() => removeThings(id));
  return { id, directory, kill };
}
