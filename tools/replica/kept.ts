import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerReplicasIn, isReplicaId } from '../text/home.ts';
import { openDockerReplica } from './docker/replica.ts';
import { openEmbeddedReplica } from './embedded.ts';
import { isKept } from './kept-mark.ts';
import { type Replica, ReplicaError, type ReplicaRecipe } from './replica.ts';

/** The ids of the replicas below `home` that `--keep` left. */
export async function keptReplicas(home: string): Promise<string[]> {
  return [...(await keptIn(home)), ...(await keptIn(dockerReplicasIn(home)))];
}

async function keptIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => isReplicaId(name) && isKept(join(directory, name))).sort();
}

/** A replica that `--keep` left. Throws ReplicaError where it does not run any more, or there is none of this id. */
export async function openKept(recipe: ReplicaRecipe, id: string): Promise<Replica> {
  if ((await keptIn(recipe.home)).includes(id)) return openEmbeddedReplica(join(recipe.home, id), recipe);
  if ((await keptIn(dockerReplicasIn(recipe.home))).includes(id)) return openDockerReplica(recipe, id);
  throw new ReplicaError(`no replica ${id} was kept in ${recipe.home}`);
}
