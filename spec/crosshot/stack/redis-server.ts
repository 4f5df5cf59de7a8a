import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Redis of the calling spec's own, on a Unix socket and nowhere else. */
export interface RedisServer {
  socket: string;
  stop(): Promise<void>;
}

/** Starts a `redis-server` and waits until it answers. It keeps nothing on disk. */
export async function startRedisServer(): Promise<RedisServer> {
  const home = await mkdtemp(join(tmpdir(), 'runbook-redis-'));
  const socket = join(home, 'socket');
  const settings = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', home];
  const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('ready to accept connections')) break;
  }
  child.stdout.resume();
  return {
    socket,
    async stop() {
      const ended = once(child, 'close');
      child.kill();
      await ended;
      await rm(home, { recursive: true });
    },
  };
}
