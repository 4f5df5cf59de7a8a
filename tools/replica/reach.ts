import { type ConnectDatabase, relayThroughCompose } from '../host/database.ts';
import { type Door, localDoor } from '../host/door.ts';
import { sshDoor } from '../host/ssh.ts';
import { NEVER } from '../text/interruption.ts';
import { type Nas, startNas } from './docker/nas.ts';
import type { Replica } from './replica.ts';

/** How blocks come to a replica: the door to its host, and byte streams to its database. */
export interface Way {
  door: Door;
  connectDatabase: ConnectDatabase;
}

/** Straight to it, as this machine is its host. */
export function reachDirectly(replica: Replica): Way {
  return {
    door: localDoor(replica.directory, replica.environment),
    connectDatabase: () => replica.connectDatabase(),
  };
}

/**
 * As the real run does: by SSH to a host that stands in for `nas`, and there by `docker compose exec` to the
 * database of `service`. Throws ReplicaError where there can be no such host, CannotRun where it does not answer,
 * Interrupted where `signal` aborts before it does.
 */
export async function reachThroughSsh(
  replica: Replica,
  nas: Nas,
  service: string,
  say: (line: string) => void,
  signal: AbortSignal = NEVER,
): Promise<Way> {
  const door = await sshDoor(await startNas(replica, nas, say), signal);
  return { door, connectDatabase: relayThroughCompose(door.start, service) };
}
