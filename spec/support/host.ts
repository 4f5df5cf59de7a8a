import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { connectClient } from '../../tools/host/database.ts';
import { createEmbeddedReplica, type EmbeddedReplica } from '../../tools/replica/embedded.ts';
import { atTerminal } from '../commands/terminal.ts';
import { startSshd } from './sshd.ts';
import { startTool, toolArguments } from './tool.ts';

/** A host as `run` meets it: sshd, docker behind it, a database; no replica, for all that its server says. */
export interface SpecHost {
  /** The project directory there: where blocks `on=nas` run. */
  directory: string;
  /** Where the runbook is, and `.runbook` beside it. */
  here: string;
  /** Writes the runbook: these lines below a front matter that names the host, by `nas` or by another name. */
  write(lines: string[], name?: HostName): Promise<void>;
  /** Starts `run PROCEDURE --on nas` with more options, as a process without a terminal. */
  start(procedure: string, ...options: string[]): StartedRun;
  /** As `start`, at a terminal. */
  startAtTerminal(procedure: string, ...options: string[]): ReturnType<typeof atTerminal>;
  /** As `start`, but held before it connects: `held` comes true then, and `release` lets it go on. */
  startHeld(procedure: string, ...options: string[]): Promise<StartedRun & Held>;
  /** Rows of a query on the host's server. */
  query(sql: string): Promise<Record<string, string>[]>;
  close(): Promise<void>;
}

/** Two names of the one host, and one that cannot be reached. */
export type HostName = 'nas' | 'other-nas' | 'gone';

/** A run as a process. */
export interface StartedRun {
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ status: number | undefined; stdout: string; stderr: string }>;
}

const STACK = join(import.meta.dirname, 'host');
const DATABASE = { service: 'postgres', user: 'crosshot', name: 'crosshot' };

interface Held {
  held(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Makes a host of this machine. It is the embedded replica's, reached as a real one. `loginFile`, where there is one, is
 * the .bashrc of whoever logs in.
 */
export async function makeHost(loginFile = ''): Promise<SpecHost> {
  const here = await mkdtemp(join(tmpdir(), 'runbook-host-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(here, { recursive: true, force: true })];
  const close = async () => {
    for (const end of closers.reverse()) await end();
  };
  try {
    const recipe = { stack: STACK, ports: [], database: DATABASE, home: join(here, 'replicas') };
    const replica = await createEmbeddedReplica(recipe);
    closers.push(() => replica.down());
    await replica.up();
    closers.push(await publishInside(replica));
    const home = join(here, 'home');
    await mkdir(home);
    await writeFile(join(home, '.bashrc'), loginFile);
    const environment = { ...replica.environment, ...(loginFile ? { HOME: home } : {}) };
    const sshd = await startSshd(join(here, 'sshd'), ['nas', 'other-nas'], environment);
    closers.push(() => sshd.end());
    const host = hostOf(here, replica, sshd.bin, close);
    await host.query(`ALTER ROLE ${DATABASE.user} SET runbook.replica = ''`);
    return host;
  } catch (error) {
    await close();
    throw error;
  }
}

function hostOf(here: string, replica: EmbeddedReplica, bin: string, close: () => Promise<void>): SpecHost {
  const runbook = join(here, 'runbook.md');
  const env = { PATH: [bin, process.env.PATH].join(delimiter), SSHPASS: '' };
  return {
    directory: replica.directory,
    here,
    close,
    async write(lines, name = 'nas') {
      const matter = { nas: { ssh: name, directory: replica.directory }, database: DATABASE };
      await writeFile(runbook, ['---', JSON.stringify(matter), '---', '# Shop', '', ...lines, ''].join('\n'));
    },
    start: (...words) => start(runbook, words, env),
    startAtTerminal: (...words) =>
      atTerminal([process.execPath, ...toolArguments(...runWords(runbook, words))], env),
    async startHeld(...words) {
      const HOLD = join(here, 'hold');
      await writeFile(HOLD, '');
      return {
        ...start(runbook, words, { ...env, HOLD }),
        held: async () => (await readFile(HOLD, 'utf8')) !== '',
        release: () => rm(HOLD),
      };
    },
    async query(sql) {
      const client = await connectClient(() => replica.host.inside(DATABASE.service).database(), DATABASE);
      try {
        return (await client.query(sql)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

const runWords = (runbook: string, [procedure = '', ...options]: string[]): string[] => [
  ...['--runbook', runbook, 'run', procedure, '--on', 'nas', ...options],
];

function start(runbook: string, words: string[], environment: Record<string, string>): StartedRun {
  const child = startTool(runWords(runbook, words), { environment });
  return {
    kill: (signal) => void child.kill(signal),
    ended: child.then(({ exitCode, stdout, stderr }) => ({ status: exitCode, stdout, stderr })),
  };
}

/**
 * In a real container the server listens on 127.0.0.1:5432; the embedded one has a socket only, as that port is the whole
 * machine's. So a port of ours leads to the socket, and bash inside the container takes the one for the other.
 */
export async function publishInside(replica: EmbeddedReplica): Promise<() => Promise<void>> {
  const server = createServer((socket) => {
    const database = replica.host.inside(DATABASE.service).database();
    const end = () => [socket, database].forEach((stream) => void stream.destroy());
    for (const stream of [socket, database]) stream.once('error', end).once('close', end);
    socket.pipe(database).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const bash = `#!/bin/bash
for word; do
  shift
  set -- "$@" "\${word//\\/dev\\/tcp\\/127.0.0.1\\/5432//dev/tcp/127.0.0.1/${port}}"
done
exec /bin/bash "$@"
`;
  await writeFile(join(replica.home, 'programs', 'bash'), bash, { mode: 0o755 });
  return async () => {
    server.close();
    await once(server, 'close');
  };
}
