import { NEVER } from '../host/interruption.ts';
import type { Engine } from './docker/engine.ts';
import { OR_EMBEDDED } from './docker/failures.ts';
import { createDockerReplica } from './docker/replica.ts';
import { createEmbeddedReplica } from './embedded.ts';
import { type Replica, ReplicaError, type ReplicaKind, type ReplicaRecipe } from './replica.ts';
import { StackError } from './stack.ts';

/**
 * Makes a replica of the kind asked for. `auto` is Docker where an engine answers and has the images or
 * can get them, else embedded. Says which it took and why. Throws ReplicaError where it cannot be made, or where
 * `signal` ended what made it. `engine` is asked for where nobody did before.
 */
export async function chooseReplica(
  kind: 'auto' | ReplicaKind,
  recipe: ReplicaRecipe,
  say: (line: string) => void,
  signal: AbortSignal = NEVER,
  engine?: Promise<Engine>,
): Promise<Replica> {
  if (kind === 'embedded') return createEmbeddedReplica(recipe, say);
  try {
    const replica = await createDockerReplica(recipe, say, signal, engine);
    if (kind === 'auto') say('the Docker replica is taken, as an engine answers and the images are there');
    return replica;
  } catch (error) {
    const isOfDocker = error instanceof ReplicaError && !(error instanceof StackError);
    if (kind === 'docker' || signal.aborted || !isOfDocker) throw error;
    say(`the embedded replica is taken: ${error.message.replace(OR_EMBEDDED, '')}`);
    return createEmbeddedReplica(recipe, say);
  }
}
