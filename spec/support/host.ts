import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import type pg from 'pg';
import { connectClient } from '../../tools/host/database.ts';
import { createEmbeddedReplica, type EmbeddedReplica } from '../../tools/replica/embedded.ts';
import type { ReplicaRecipe } from '../../tools/replica/replica.ts';
import { atTerminal } from '../commands/terminal.ts';
import { type Distance, openProxy } from './proxy.ts';
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
  /** Runs what the tool told a person to type. */
  type(command: string): Promise<unknown>;
  /** Runs the tool on the runbook with these words, and waits for its end. */
  tool(...words: string[]): StartedRun['ended'];
  /** Starts the tool on the runbook with these words, as a process that is waited for by its output. */
  process(...words: string[]): ReturnType<typeof startTool>;
  /** As `start`, but held before it connects: `held` comes true then, and `release` lets it go on. */
  startHeld(procedure: string, ...options: string[]): Promise<StartedRun & Held>;
  /** From now on another cluster answers to new connections, or the first one again. */
  answerWith(cluster: 'another' | 'the first'): Promise<void>;
  /** Ends its sshd and every connection to it, until `reconnect`. */
  cutOff(): Promise<void>;
  reconnect(): Promise<void>;
  /** Rows of a query on the host's server. */
  query(sql: string): Promise<Record<string, string>[]>;
  /** A session on the host's server that calls itself so. */
  session(applicationName: string): Promise<pg.Client>;
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

/** In what a host is not like others. */
export interface Oddities {
  /** The .bashrc of whoever logs in. */
  loginFile?: string;
  /** The words of the login shell; else it is the user's. */
  shell?: string;
  /** Programs that it does not have. */
  lacks?: string[];
  /** How it is reached. */
  distance?: Distance;
}

/** Makes a host of this machine. It is the embedded replica's, reached as a real one. */
export async function makeHost({
  loginFile = '',
  shell,
  lacks = [],
  distance,
}: Oddities = {}): Promise<SpecHost> {
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
    const answers = { by: replica };
    closers.push(await publishInside(replica, () => answers.by));
    const home = join(here, 'home');
    await mkdir(home);
    await writeFile(join(home, '.bashrc'), loginFile);
    const { PATH = '' } = replica.environment;
    const there = {
      ...replica.environment,
      ...(lacks.length > 0 ? { PATH: await pathWithout(lacks, PATH, join(here, 'programs')) } : {}),
      ...(loginFile ? { HOME: home } : {}),
      RUNBOOK_STATE: join(here, 'state'),
    };
    const proxy = distance ? await openProxy(0, distance) : null;
    const through = proxy ? ['-p', String(proxy.port)] : [];
    const sshd = await startSshd(join(here, 'sshd'), ['nas', 'other-nas'], there, through, shell);
    proxy?.leadTo(sshd.port);
    closers.push(
      () => sshd.end(),
      async () => proxy?.close(),
    );
    const more = {
      answerWith: answering(answers, recipe, closers),
      cutOff: sshd.cut,
      reconnect: sshd.again,
      close,
    };
    const host = hostOf(here, replica, sshd.bin, more);
    await host.query(NO_REPLICA);
    return host;
  } catch (error) {
    await close();
    throw error;
  }
}

/** A PATH of one more directory, with all the programs of the one given but these. */
async function pathWithout(lacks: string[], path: string, directory: string): Promise<string> {
  await mkdir(directory);
  const [first = '', ...others] = path.split(delimiter);
  for (const one of others) {
    for (const name of await readdir(one).catch(() => []))
      if (!lacks.includes(name)) await symlink(join(one, name), join(directory, name)).catch(() => undefined);
  }
  return [first, directory].join(delimiter);
}

/** Puts a second cluster behind the name of the first, for as long as a spec wants. */
function answering(
  answers: { by: EmbeddedReplica },
  recipe: ReplicaRecipe,
  closers: (() => Promise<unknown>)[],
): SpecHost['answerWith'] {
  const first = answers.by;
  let another: EmbeddedReplica | undefined;
  return async (cluster) => {
    if (cluster === 'another' && !another) {
      another = await createEmbeddedReplica({ ...recipe, home: join(recipe.home, 'another') });
      closers.push(async () => another?.down());
      await another.up();
      const client = await connectClient(() => open(another as EmbeddedReplica), DATABASE);
      await client.query(NO_REPLICA);
      await client.end();
    }
    answers.by = cluster === 'another' && another ? another : first;
  };
}

const open = (replica: EmbeddedReplica) => replica.host.inside(DATABASE.service).database();

/** For all that its server says. */
const NO_REPLICA = `ALTER ROLE ${DATABASE.user} SET runbook.replica = ''`;

function hostOf(
  here: string,
  replica: EmbeddedReplica,
  bin: string,
  more: Pick<SpecHost, 'answerWith' | 'cutOff' | 'reconnect' | 'close'>,
): SpecHost {
  const runbook = join(here, 'runbook.md');
  const env = {
    PATH: [bin, process.env.PATH].join(delimiter),
    SSHPASS: '',
    RUNBOOK_STATE: join(here, 'state-here'),
  };
  return {
    directory: replica.directory,
    ...{ here, ...more },
    async write(lines, name = 'nas') {
      const matter = {
        nas: { ssh: name, directory: replica.directory },
        database: DATABASE,
        replica: { stack: STACK },
      };
      await writeFile(runbook, ['---', JSON.stringify(matter), '---', '# Shop', '', ...lines, ''].join('\n'));
    },
    type: (command) => execa('sh', ['-c', command], { env }),
    tool: (...words) => started(runbook, words, env).ended,
    process: (...words) => startTool(['--runbook', runbook, ...words], { environment: env }),
    start: (...words) => start(runbook, words, env),
    startAtTerminal: (...words) =>
      atTerminal([process.execPath, ...toolArguments('--runbook', runbook, ...runWords(words))], env),
    async startHeld(...words) {
      const HOLD = join(here, 'hold');
      await writeFile(HOLD, '');
      return {
        ...start(runbook, words, { ...env, HOLD }),
        held: async () => (await readFile(HOLD, 'utf8')) !== '',
        release: () => rm(HOLD),
      };
    },
    session: (applicationName) => connectClient(() => open(replica), DATABASE, { applicationName }),
    async query(sql) {
      const client = await connectClient(() => open(replica), DATABASE);
      try {
        return (await client.query(sql)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

const runWords = ([procedure = '', ...options]: string[]): string[] => [
  ...['run', procedure, '--on', 'nas', '--unrehearsed', 'this is a spec', ...options],
];

function start(runbook: string, words: string[], environment: Record<string, string>): StartedRun {
  return started(runbook, runWords(words), environment);
}

function started(runbook: string, words: string[], environment: Record<string, string>): StartedRun {
  const child = startTool(['--runbook', runbook, ...words], { environment });
  return {
    kill: (signal) => void child.kill(signal),
    ended: child.then(({ exitCode, stdout, stderr }) => ({ status: exitCode, stdout, stderr })),
  };
}

/**
 * In a real container the server listens on 127.0.0.1:5432; the embedded one has a socket only, as that port is the whole
 * machine's. So a port of ours leads to the socket, and bash inside the container takes the one for the other.
 */
export async function publishInside(
  replica: EmbeddedReplica,
  behind = () => replica,
): Promise<() => Promise<void>> {
  const server = createServer((socket) => {
    const database = open(behind());
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
