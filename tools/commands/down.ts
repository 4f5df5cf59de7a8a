import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { killProcesses, removeReplica } from '../compose/index.ts';
import { removeThings } from '../replica/docker/leftovers.ts';
import { dockerReplicasIn, replicasOf } from '../text/home.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { replicaIdsIn } from './replica-ids.ts';

/**
 * Removes a replica that `--keep` left. Without an id it lists what is there: one may be at work. A person at a terminal
 * is told what became of it.
 */
export async function down(
  home: string,
  id: string | null,
  print: (line: string) => void,
  tell: (line: string) => void,
): Promise<ExitStatus> {
  const replicas = replicasOf(home);
  const { embedded, docker } = await replicaIdsIn(home);
  if (id === null) {
    for (const one of [...embedded, ...docker]) print(one);
    if (embedded.length + docker.length === 0) tell(`there is no replica in ${replicas}`);
    return EXIT.passed;
  }
  if (embedded.includes(id)) {
    await removeReplica(join(replicas, id));
  } else if (docker.includes(id)) {
    await killProcesses([], `${id}:`);
    await removeThings(id);
    await rm(join(dockerReplicasIn(replicas), id), { recursive: true, force: true });
  } else throw new CommandError(EXIT.refused, `there is no replica ${id} in ${replicas}`);
  tell(`removed ${id}`);
  return EXIT.passed;
}
