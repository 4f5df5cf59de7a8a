import type { Host } from '../host/host.ts';
import { NEVER } from '../host/interruption.ts';
import { sshHost } from '../host/ssh.ts';
import { type SshAddress, startStandIn } from './docker/ssh-stand-in.ts';
import type { Replica } from './replica.ts';

/**
 * The replica's host as the real run reaches its own: by SSH, at a machine that stands in for the one at `address`.
 * Throws ReplicaError where there can be no such machine, CannotRun where it does not answer, Interrupted where
 * `signal` aborts before it does.
 */
export async function reachThroughSsh(
  replica: Replica,
  address: SshAddress,
  say: (line: string) => void,
  signal: AbortSignal = NEVER,
): Promise<Host> {
  return sshHost(await startStandIn(replica, address, say), signal);
}
