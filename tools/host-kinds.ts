import { delimiter } from 'node:path';
import type { HostAddress, HostKey } from './document/host-address.ts';
import type { Host } from './host/host.ts';

/** A kind of host: how the front matter writes it, and how one is opened. Whoever only reads a runbook loads no host. */
interface HostKind extends HostKey {
  /** Throws CannotRun where the host cannot be reached, and Interrupted where `signal` aborts before it is. */
  open(address: HostAddress, signal: AbortSignal): Promise<Host>;
}

/** Every kind of host, by the key that names it in the front matter. */
export const HOST_KINDS: Readonly<Record<string, HostKind>> = {
  /** `user@host`, or a name of ~/.ssh/config. */
  ssh: {
    pattern: /^[^\s-]\S*$/,
    otherwise: 'is no user@host',
    async open({ name, directory, path }, signal) {
      const { sshHost } = await import('./host/ssh.ts');
      return sshHost({ host: name, directory, path }, signal);
    },
  },
};

/**
 * Opens the host at an address of the front matter. Throws CannotRun where it cannot be reached, and Interrupted where
 * `signal` aborts before it is.
 */
export async function openHost(address: HostAddress, signal: AbortSignal): Promise<Host> {
  const kind = address.key === null ? undefined : HOST_KINDS[address.key];
  if (kind) return kind.open(address, signal);
  const { localHost } = await import('./host/local.ts');
  const { directory, path } = address;
  return localHost({ directory, environment: { PATH: [...path, process.env.PATH ?? ''].join(delimiter) } });
}
