import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import { typescriptArguments } from '../../../tools/compose/node-runtime.ts';
import type { SpecDatabase } from '../../support/database.ts';
import type { RedisServer } from './redis-server.ts';

const SERVICES = resolve(import.meta.dirname, '../../../fixtures/stack/services');

/** What a service is connected to. */
export interface Surroundings {
  database: SpecDatabase;
  redis: RedisServer;
}

/** A service as a process of its own, started as the embedded engine starts it. */
export interface Service {
  /** All that it has printed, a line each. */
  log: string[];
  /** The first line, printed already or yet to come, that matches. Throws where the process ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** Sends a signal and waits for the end; returns the exit status, or the signal that ended it. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
}

/** The environment of a service, as compose.yaml gives it. */
function environmentOf({ database, redis }: Surroundings): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    PGHOST: inject('postgresSocketDirectory'),
    PGUSER: 'crosshot',
    PGDATABASE: database.name,
    REDIS_HOST: redis.socket,
    HOST: '127.0.0.1',
    PORT: '0',
  };
}

/** Starts `name`.ts and waits until it says that it is ready. */
export async function startService(name: string, around: Surroundings, agent = name): Promise<Service> {
  const service = await launch(name, { ...environmentOf(around), AGENT_NAME: agent });
  await service.printed(/ready|listens at/);
  return service;
}

/** Starts the api and returns it with its address. */
export async function startApi(around: Surroundings): Promise<Service & { url: string }> {
  const service = await startService('api', around);
  const line = await service.printed(/listens at/);
  return { ...service, url: line.replace(/.* at /, '') };
}

/** Runs a program of the services to its end. */
export async function runProgram(name: string, around: Surroundings, args: string[]) {
  const child = spawn(process.execPath, [...(await typescriptArguments()), name, ...args], {
    cwd: SERVICES,
    env: environmentOf(around),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    once(child, 'close'),
  ]);
  return { code: code as number, stdout: stdout.join(''), stderr: stderr.join('') };
}

async function launch(name: string, env: NodeJS.ProcessEnv): Promise<Service> {
  const child = spawn(process.execPath, [...(await typescriptArguments()), `${name}.ts`], {
    cwd: SERVICES,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const log: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => log.push(line));
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  return {
    log,
    async printed(pattern) {
      for (;;) {
        const found = log.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        const ended = await Promise.race([once(lines, 'line').then(() => false), closed.then(() => true)]);
        if (ended) throw new Error(`${name} ended without printing ${pattern}: ${log.join('\n')}`);
      }
    },
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      const [code, ending] = await closed;
      return code ?? ending ?? 'unknown';
    },
  };
}
