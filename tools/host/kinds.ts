import type { HostAddress } from '../document/front-matter.ts';
import type { Host } from './host.ts';
import { localHost } from './local.ts';
import { sshHost } from './ssh.ts';

/** A kind of host: which addresses of the front matter are its own, and how one of them is opened. */
interface HostKind {
  /** What such a host is called in messages and journals. */
  nameOf(address: HostAddress): string;
  isOf(address: HostAddress): boolean;
  /** Throws CannotRun where the host cannot be reached, and Interrupted where `signal` aborts before it is. */
  open(address: HostAddress, signal: AbortSignal): Promise<Host>;
}

/** The first kind that an address is of counts. */
const HOST_KINDS: readonly HostKind[] = [
  {
    isOf: ({ ssh }) => ssh !== undefined,
    nameOf: ({ ssh = '' }) => ssh,
    open: ({ ssh = '', directory }, signal) => sshHost({ host: ssh, directory }, signal),
  },
  {
    isOf: () => true,
    nameOf: () => 'this machine',
    open: async ({ directory }) => localHost({ directory }),
  },
];

const kindOf = (address: HostAddress) => HOST_KINDS.find(({ isOf }) => isOf(address)) as HostKind;

/** What the host at an address is called in messages and journals. */
export const hostName = (address: HostAddress): string => kindOf(address).nameOf(address);

/**
 * Opens the host at an address of the front matter. Throws CannotRun where it cannot be reached, and Interrupted where
 * `signal` aborts before it is.
 */
export const openHost = (address: HostAddress, signal: AbortSignal): Promise<Host> =>
  kindOf(address).open(address, signal);
