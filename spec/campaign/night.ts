import { createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import { eventOf } from '../../tools/journal/read-event.ts';
import type { EmbeddedReplica } from '../../tools/replica/embedded.ts';
import { setStage } from '../../tools/replica/stage.ts';
import { journalIn, runDirectory, runsOf } from '../../tools/text/home.ts';
import { type Catalog, readCatalog } from '../crosshot/catalog/read.ts';
import { checksums, shapeOf } from '../crosshot/checksum.ts';
import { publishInside } from '../support/host.ts';
import { childrenOf, kill } from '../support/processes.ts';
import { openProxy, type SocketProxy } from '../support/proxy.ts';
import { type Sshd, startSshd } from '../support/sshd.ts';
import { type SavedStates, savedStates } from '../support/states.ts';
import { toolArguments } from '../support/tool.ts';

/** A host as the night of the migration meets it, and an operator who is disturbed. */
export interface Night {
  /** Starts `run PROCEDURE --on nas` with more options; `onBegun` is told the name of each block that begins. */
  start(procedure: string, options: string[], onBegun?: (name: string) => void): Operator;
  /** Everything in the database that an undisturbed run makes the same again. */
  database(): Promise<Fingerprint>;
  /** What each block that does more than read wrote about itself: `begin NAME` and `end NAME`, in order. */
  ledger(): Promise<string[]>;
  forgetLedger(): Promise<void>;
  /** Puts the database back to where the first night began. */
  begin(): Promise<void>;
  /** Directories of blocks and programs that were left on the host. */
  leftovers(): Promise<string[]>;
  /** The ways in which it can be disturbed. */
  proxy: SocketProxy;
  /** Kills OpenSSH's clients of the operator, and what they share. */
  killSsh(): void;
  /** Kills the host's side of every connection. */
  killSessions(): void;
  /** Ends every connection, all that was begun over it, and the server without a checkpoint; then that is started again. */
  crash(): Promise<void>;
  restart(service: string): Promise<void>;
  close(): Promise<void>;
}

export interface Operator {
  kill(): void;
  ended: Promise<{ status: number | undefined; said: string }>;
}

export interface Fingerprint {
  catalog: Catalog;
  data: Record<string, string>;
}

const SEEDED = 'seeded';

const LOGIN = { service: 'postgres', user: 'crosshot', name: 'crosshot' };

/** Of each run anew: identifiers, and times of the clock. */
const OF_THE_MOMENT = new Set([
  ...['analysis_period_id', 'last_period_id', 'analyzed_at', 'period_end', 'duration_hours'],
  ...['created_at', 'updated_at', 'execution_log', 'first_analysis_at', 'avg_period_duration_hours'],
]);

/** The environment by which what belongs to one night is told from all else on this machine. */
const MARK = 'RUNBOOK_CAMPAIGN';

/** Makes one; all that the operator is told is written to the file `transcript`. */
export async function makeNight(transcript: string): Promise<Night> {
  const here = await mkdtemp(join(tmpdir(), 'runbook-night-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(here, { recursive: true, force: true })];
  const close = async () => {
    for (const end of closers.reverse()) await end();
  };
  try {
    const runbook = parseDocument('runbook.md', await readFile('runbook.md'), HOST_KINDS);
    const { signal } = new AbortController();
    const stage = await setStage(runbook, { kind: 'embedded', data: 'small', signal }, () => undefined);
    closers.push(() => stage.takeDown());
    const replica = stage.replica as EmbeddedReplica;
    closers.push(await publishInside(replica));
    const state = { RUNBOOK_STATE: join(here, 'state'), [MARK]: here };
    const { sshd, proxy } = await reach(here, { ...replica.environment, ...state }, closers);
    await prepare(here, replica);
    const states = statesOf(replica);
    await states.query(`ALTER ROLE ${LOGIN.user} SET runbook.replica = ''`);
    const [{ cluster } = { cluster: '' }] = await states.query<{ cluster: string }>(
      "SELECT current_setting('data_directory') AS cluster",
    );
    // Which disconnects, too: nobody else may be connected in step 2.
    await states.save(SEEDED);
    return nightOf({ transcript, here, replica, states, cluster, sshd, proxy, state, close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function reach(
  here: string,
  environment: Record<string, string>,
  closers: (() => Promise<unknown>)[],
): Promise<{ sshd: Sshd; proxy: SocketProxy }> {
  const home = join(here, 'sshd');
  // A link that is silent is found out in seconds, so that a campaign need not wait for minutes.
  const patience = ['-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=3'];
  const proxy = await openProxy();
  const sshd = await startSshd(home, ['nas'], environment, ['-p', String(proxy.port), ...patience]);
  closers.push(() => sshd.end());
  // Before the server, which waits for what a silent connection holds.
  closers.push(async () => proxy.close());
  proxy.leadTo(sshd.port);
  return { sshd, proxy };
}

/** The runbook of this project, with the host's address, and with a ledger that its blocks write to. */
async function prepare(here: string, { directory, ports }: EmbeddedReplica): Promise<void> {
  for (const name of ['package.json', 'tsconfig.json', 'node_modules', 'tools', 'sql', 'fixtures'])
    await symlink(resolve(name), join(here, name));
  const text = (await readFile('runbook.md', 'utf8'))
    .replace(/^( *ssh:).*$/m, '$1 nas')
    .replace(/^( *directory:).*$/m, `$1 ${directory}`)
    .replace(/^( *API_URL: http:\/\/)192.*$/m, `$1127.0.0.1:${ports.API_PORT}`)
    // The last check looks at the errors of the last ten minutes. A fault leaves true ones: the operator would wait.
    .replace('--since 10m', '--since 5s');
  await writeFile(join(here, 'runbook.md'), withLedger(text, join(here, 'ledger')));
}

/** Each shell block that does more than read says in the ledger that it begins, and that it has ended. */
function withLedger(text: string, ledger: string): string {
  const fence = /^( *)```sh \{ name=([\w-]+)( [^}]*)?\}\n([\s\S]*?)^\1```$/gm;
  return text.replaceAll(fence, (whole, indent: string, name: string, more = '', code: string) => {
    if (more.includes('effect=reads')) return whole;
    const says = (word: string) => `${indent}echo "${word} ${name}" >>${ledger}\n`;
    return `${indent}\`\`\`sh { name=${name}${more}}\n${says('begin')}${code}${says('end')}${indent}\`\`\``;
  });
}

interface NightParts {
  transcript: string;
  here: string;
  replica: EmbeddedReplica;
  states: SavedStates;
  /** The server's data directory. */
  cluster: string;
  sshd: Sshd;
  proxy: SocketProxy;
  state: Record<string, string>;
  close(): Promise<void>;
}

const LOOKS_EVERY_MS = 20;

/** Gives what looks which blocks have begun, by the journal of a run that is not there yet, and tells each of them once. */
function beginnings(home: string, onBegun: (name: string) => void): () => void {
  const runs = () => (existsSync(runsOf(home)) ? readdirSync(runsOf(home)) : []);
  const before = new Set(runs());
  let told = 0;
  return () => {
    const id = runs().find((name) => !before.has(name));
    const file = id && journalIn(runDirectory(home, id));
    if (!file || !existsSync(file)) return;
    const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    for (const line of whole.slice(told)) {
      const event = eventOf(line);
      if (event?.type === 'block-started' && event.attempt === 1) onBegun(event.name);
    }
    told = whole.length;
  };
}

function nightOf({
  transcript,
  here,
  replica,
  states,
  cluster,
  sshd,
  proxy,
  state,
  close,
}: NightParts): Night {
  const written = createWriteStream(transcript, { flags: 'a' });
  const env = { ...state, PATH: [sshd.bin, process.env.PATH].join(delimiter), SSHPASS: '' };
  const ledger = join(here, 'ledger');
  const compose = async (...words: string[]) => {
    const { directory, environment } = replica;
    await execa('docker', ['compose', ...words], { cwd: directory, env: environment });
  };
  return {
    proxy,
    close,
    start(procedure, options, onBegun = () => undefined) {
      const words = ['--runbook', join(here, 'runbook.md'), 'run', procedure, '--on', 'nas', ...options];
      written.write(`\n$ ${words.slice(2).join(' ')}\n`);
      const look = beginnings(join(here, '.runbook'), onBegun);
      const looking = setInterval(look, LOOKS_EVERY_MS);
      const child = execa(process.execPath, toolArguments(...words), {
        ...{ reject: false, stdin: 'ignore', env, cwd: here, all: true, lines: false },
      });
      child.all.setEncoding('utf8').on('data', (text: string) => written.write(text));
      return {
        kill: () => void child.kill('SIGKILL'),
        ended: child.then(({ exitCode, all }) => {
          clearInterval(looking);
          look();
          return { status: exitCode, said: String(all ?? '') };
        }),
      };
    },
    database: () => fingerprintOf(states),
    async begin() {
      await rm(ledger, { force: true });
      await states.restore(SEEDED);
    },
    async ledger() {
      return (await readFile(ledger, 'utf8').catch(() => '')).split('\n').filter(Boolean);
    },
    forgetLedger: () => rm(ledger, { force: true }),
    async leftovers() {
      const home = state.RUNBOOK_STATE ?? '';
      const names = await readdir(home, { recursive: true }).catch(() => []);
      // What keeps a script that is still on its way from beginning stays for a day, as it may be so long.
      const taken = names.filter((name) => name.endsWith('/taken')).map((name) => dirname(name));
      const blocks = names.filter((name) => name.split('/').length === 2 && !taken.includes(name));
      return [...blocks, ...processesOf(here, 'RUNBOOK_BLOCK=').map((pid) => `process ${pid}`)];
    },
    killSsh: () => kill(processesOf(here).filter((pid) => isCalled(pid, /^ssh$/m))),
    killSessions: () => kill(childrenOf(sshd.pid)),
    async crash() {
      proxy.refuse();
      kill([...childrenOf(sshd.pid), ...processesOf(here, 'SSH_CONNECTION=')]);
      const [postmaster = ''] = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n');
      kill([postmaster], 'SIGQUIT');
      await compose('restart', 'postgres');
      proxy.accept();
    },
    restart: (service) => compose('restart', service),
  };
}

async function fingerprintOf(states: SavedStates): Promise<Fingerprint> {
  const client = await states.client();
  const shape = await shapeOf(client);
  const stable = Object.entries(shape).map(([table, columns]): [string, string[]] => [
    table,
    columns.filter(
      (column) => !OF_THE_MOMENT.has(column) && !(table === 'analysis_periods' && column === 'id'),
    ),
  ]);
  const catalog = await readCatalog(client);
  const data = await checksums(client, Object.fromEntries(stable));
  await states.disconnect();
  return { catalog, data };
}

/** The database as the seed left it, to be put back, by the server's own socket. */
function statesOf({ psql }: EmbeddedReplica): SavedStates {
  const [, sockets = ''] = /-h (\S+)/.exec(psql ?? '') ?? [];
  return savedStates(`postgres://${LOGIN.user}@localhost/${LOGIN.name}?host=${encodeURIComponent(sockets)}`);
}

/** The processes of a night, by the environment that they inherited, with another word in it. */
function processesOf(here: string, word = ''): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
      return environment.includes(`${MARK}=${here}\0`) && environment.includes(word);
    } catch {
      return false;
    }
  });
}

function isCalled(pid: string, name: RegExp): boolean {
  try {
    return name.test(readFileSync(`/proc/${pid}/comm`, 'utf8'));
  } catch {
    return false;
  }
}
