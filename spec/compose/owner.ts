import { createEmbeddedReplica } from '../../tools/replica/embedded.ts';
import { recipeFor } from './host.ts';

// Makes a replica, starts it, prints its directory, and then waits to be killed.
const [home = '', keep] = process.argv.slice(2);
const replica = await createEmbeddedReplica(recipeFor(home));
await replica.up(['postgres', 'redis']);
if (keep) await replica.keep('removed');
console.log(replica.home);
setInterval(() => undefined, 60_000);
