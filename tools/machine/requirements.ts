import { execa } from 'execa';
import which from 'which';
import { findPostgresProgram } from '../compose/index.ts';
import { chromiumPath } from './chromium.ts';
import type { Finding, Requirement } from './requirement.ts';
import { findSshd } from './sshd.ts';

const find: Locate = (name) => which(name, { nothrow: true });

const findClient: Locate = (name) => findPostgresProgram(name, process.env.PATH);

/** So long a program, or the engine that it asks, may take to say its version. */
const PATIENCE_MS = 20_000;

/** How a program's `--version` reads, e.g. `7.0.15`; `least` is the oldest major that will do. */
function program(name: string, argv: string[], least = 0, locate = find): Requirement['find'] {
  return async () => {
    const found = await locate(name);
    if (found === null) return { lack: 'not found' };
    const { stdout, stderr, failed, timedOut } = await execa(found, argv, {
      reject: false,
      timeout: PATIENCE_MS,
    });
    if (timedOut) return { lack: `no answer within ${PATIENCE_MS / 1000} s` };
    const version = /(?<!\d)\d+(\.\d+)+\w*/.exec(`${stdout}\n${stderr}`)?.[0];
    if (failed && version === undefined) return { lack: stderr.split('\n')[0] || 'it does not run' };
    if (Number.parseInt(version ?? '0', 10) < least)
      return { lack: `${version} is too old: ${least} or newer` };
    return { version: version ?? 'of an unknown version' };
  };
}

type Locate = (name: string) => Promise<string | null> | string | null;

const client = { apt: 'postgresql-client', brew: 'libpq' };

/** Everything that the project takes from a machine besides Node and npm. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    name: 'bash',
    forbids: 'running any block',
    find: program('bash', ['--version']),
    packages: { apt: 'bash', brew: 'bash' },
    rehearsal: true,
  },
  {
    name: 'curl',
    forbids: 'the smoke tests of the runbook',
    find: program('curl', ['--version']),
    packages: { apt: 'curl', brew: 'curl' },
    rehearsal: true,
  },
  {
    name: 'redis-server',
    forbids: 'embedded replicas',
    find: program('redis-server', ['--version']),
    packages: { apt: 'redis-server', brew: 'redis' },
    rehearsal: true,
  },
  ...['psql', 'pg_dump', 'pg_restore'].map((name) => ({
    name,
    forbids: 'embedded replicas, whose backups and queries use it',
    find: program(name, ['--version'], 14, findClient),
    packages: client,
    rehearsal: true,
  })),
  {
    name: 'ssh',
    forbids: 'runs on the real host, and rehearsals --through ssh',
    find: program('ssh', ['-V']),
    packages: { apt: 'openssh-client', brew: 'openssh' },
    rehearsal: false,
  },
  {
    name: 'sshd',
    forbids: 'the specs of real runs, which make a host of this machine',
    find: program('sshd', ['-V'], 0, findSshd),
    packages: { apt: 'openssh-server', brew: 'openssh' },
    rehearsal: false,
  },
  {
    name: 'busybox',
    forbids: 'the specs of hosts whose shell it is',
    find: program('busybox', ['--help']),
    packages: { apt: 'busybox' },
    rehearsal: false,
  },
  {
    name: 'chromium',
    forbids: 'looking at a page in a browser',
    find: async () => {
      const found = chromiumPath();
      return found === null ? { lack: 'not found' } : program(found, ['--version'])();
    },
    packages: { apt: 'chromium', brew: '--cask chromium' },
    rehearsal: false,
  },
  {
    name: 'docker engine',
    forbids: 'Docker replicas; embedded ones need none',
    find: program('docker', ['version', '--format', '{{.Server.Version}}'], 20),
    rehearsal: false,
  },
  {
    name: 'docker compose',
    forbids: 'Docker replicas; embedded ones need none',
    find: program('docker', ['compose', 'version', '--short'], 2),
    rehearsal: false,
  },
];

/** Looks for each, all at once. */
export const findRequirements = (wanted = REQUIREMENTS): Promise<Finding[]> =>
  Promise.all(wanted.map(async (requirement) => ({ ...requirement, ...(await requirement.find()) })));
