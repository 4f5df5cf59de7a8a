import { delimiter } from 'node:path';
import type { HostAddress } from '../document/front-matter.ts';
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
    open: ({ ssh = '', directory, path }, signal) => sshHost({ host: ssh, directory, path }, signal),
  },
  {
    isOf: () => true,
    open: async ({ directory, path = [] }) =>
      localHost({ directory, environment: { PATH: [...path, process.env.PATH ?? ''].join(delimiter) } }),
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
