import { readdir } from 'node:fs/promises';
import { dockerReplicasIn, isReplicaId, replicasOf } from '../text/home.ts';

/** The ids of the replicas in `.runbook`, of each kind, whether they run or not. */
export async function replicaIdsIn(home: string): Promise<{ embedded: string[]; docker: string[] }> {
  const replicas = replicasOf(home);
  return { embedded: await idsIn(replicas), docker: await idsIn(dockerReplicasIn(replicas)) };
}

const idsIn = async (directory: string) => (await readdir(directory).catch(() => [])).filter(isReplicaId);
