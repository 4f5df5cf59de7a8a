import { createEmbeddedReplica } from '../../tools/replica/embedded.ts';
import { recipeFor } from './host.ts';

// Makes replicas and takes them down again, one after the other, with nothing else to do meanwhile.
const [home = '', times] = process.argv.slice(2);
for (let left = Number(times); left > 0; left--) {
  const replica = await createEmbeddedReplica(recipeFor(home));
  await replica.down();
  await replica.down();
}
console.log('all are down');
