import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { withRemedy } from './disk-full.ts';
import { ComposeError } from './errors.ts';
import { removeReplica } from './sweep.ts';

const START = fileURLToPath(new URL('../start.mjs', import.meta.url));

/**
 * Starts the engine of the replica in `directory` and waits until it takes requests. The engine watches its
 * standard input, which closes when this process ends, however it ends. Throws ComposeError with what the engine
 * said where it cannot start; the replica is then removed.
 */
export async function startEngine(directory: string): Promise<ChildProcess> {
  const logPath = join(directory, 'engine.log');
  const log = await open(logPath, 'a', 0o600);
  // Node's own spawn, because the engine may outlive this process: execa ends its children and waits for them.
  const engine = spawn(process.execPath, [START, 'engine', directory], {
    detached: true,
    stdio: ['pipe', 'pipe', log.fd],
  });
  const stdout = engine.stdout as Readable;
  const isReady = await Promise.race([
    once(stdout, 'data').then(() => true),
    once(engine, 'exit').then(() => false),
  ]);
  await log.close();
  if (!isReady) {
    const said = await readFile(logPath, 'utf8');
    await removeReplica(directory);
    throw new ComposeError(withRemedy(said.trim()));
  }
  stdout.destroy();
  (engine.stdin as Writable & { unref(): void }).unref();
  engine.unref();
  return engine;
}
