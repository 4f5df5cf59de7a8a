import type { HostAddress } from '../document/front-matter.ts';
import { quote } from '../text/quote.ts';
import type { DatabaseLogin } from './database.ts';
import type { Host } from './host.ts';
import { localHost } from './local.ts';
import { sshHost } from './ssh.ts';

/** A kind of host: which addresses of the front matter are its own, and how one of them is opened. */
interface HostKind {
  isOf(address: HostAddress): boolean;
  /** Throws CannotRun where the host cannot be reached, and Interrupted where `signal` aborts before it is. */
  open(address: HostAddress, signal: AbortSignal): Promise<Host>;
}

/** The first kind that an address is of counts. */
const HOST_KINDS: readonly HostKind[] = [
  {
    isOf: ({ ssh }) => ssh !== undefined,
    open: ({ ssh = '', directory }, signal) => sshHost({ host: ssh, directory }, signal),
  },
  {
    isOf: () => true,
    open: async ({ directory }) => localHost({ directory }),
  },
];

/**
 * Opens the host at an address of the front matter. Throws CannotRun where it cannot be reached, and Interrupted where
 * `signal` aborts before it is.
 */
export function openHost(address: HostAddress, signal: AbortSignal): Promise<Host> {
  const kind = HOST_KINDS.find(({ isOf }) => isOf(address)) as HostKind;
  return kind.open(address, signal);
}

/** What a person types to run a command on the host at an address, in its directory. */
export function typedOn({ ssh, directory }: HostAddress, argv: string[]): string {
  const there = `cd ${quote(directory)} && ${argv.map(quote).join(' ')}`;
  return ssh === undefined ? there : `ssh ${quote(ssh)} ${quote(there)}`;
}

/** The words that end a session of a compose project's server, by its process id. */
export const endSession = ({ service, user }: DatabaseLogin, pid: string): string[] => [
  ...['docker', 'compose', 'exec', '-T', service, 'psql', '-U', user, '-d', 'postgres'],
  ...['-c', `SELECT pg_terminate_backend(${pid})`],
];
