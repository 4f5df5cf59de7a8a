import { createDockerReplica } from '../../../tools/replica/docker/replica.ts';
import { stackRecipe, startWithTestcontainers } from './testcontainers.ts';

// A spec that is killed: it starts the stack with testcontainers, says so, and waits for its end.
const replica = await createDockerReplica(stackRecipe(process.argv[2] as string));
await startWithTestcontainers(replica);
process.stdout.write(`${replica.id} ${replica.directory}\n`);
setInterval(() => undefined, 60_000);
