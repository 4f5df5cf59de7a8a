import { createDockerReplica } from '../../../tools/replica/docker/replica.ts';
import type { ReplicaRecipe } from '../../../tools/replica/replica.ts';

// A rehearsal that is killed: it makes a replica of its recipe, says which, and waits for its end.
const replica = await createDockerReplica(JSON.parse(process.argv[2] as string) as ReplicaRecipe);
await replica.up();
if (process.argv[3] === 'keep') await replica.keep('removed');
process.stdout.write(`${replica.id} ${replica.directory}\n`);
setInterval(() => undefined, 60_000);
