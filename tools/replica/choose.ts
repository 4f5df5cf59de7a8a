import { createDockerReplica } from './docker/replica.ts';
import { createEmbeddedReplica } from './embedded/replica.ts';
import { type Replica, ReplicaError, type ReplicaKind, type ReplicaRecipe } from './replica.ts';

/**
 * Makes a replica of the kind asked for. `auto` is Docker where an engine answers and has, or can get, the images;
 * else embedded. Says which it took and why. Throws ReplicaError where it cannot be made.
 */
export async function chooseReplica(
  kind: 'auto' | ReplicaKind,
  recipe: ReplicaRecipe,
  say: (line: string) => void,
): Promise<Replica> {
  if (kind === 'embedded') return createEmbeddedReplica(recipe, say);
  try {
    return await createDockerReplica(recipe, say);
  } catch (error) {
    if (kind === 'docker' || !(error instanceof ReplicaError)) throw error;
    say(
      `  the embedded replica is taken: ${error.message.replace(/[;,:] (or )?use --replica embedded/, '')}`,
    );
    return createEmbeddedReplica(recipe, say);
  }
}
