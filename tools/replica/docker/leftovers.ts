import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isKept } from '../kept-mark.ts';
import { ReplicaError } from '../replica.ts';
import { docker } from './docker.ts';
import { hasEnded, LABEL } from './labels.ts';

/** Removing takes them in this order: a network or a volume stays as long as a container uses it. */
const KINDS = [
  { list: ['ps', '--all'], id: '{{.ID}}', remove: ['rm', '--force', '--volumes'] },
  { list: ['network', 'ls'], id: '{{.ID}}', remove: ['network', 'rm'] },
  { list: ['volume', 'ls'], id: '{{.Name}}', remove: ['volume', 'rm', '--force'] },
];

/** Something of ours on the engine. */
interface Thing {
  kind: (typeof KINDS)[number];
  name: string;
  replica: string;
  owner: string;
  directory: string;
}

async function list(filter: string): Promise<Thing[]> {
  const columns = [LABEL.replica, LABEL.owner, LABEL.directory].map((label) => `{{.Label "${label}"}}`);
  const found = await Promise.all(
    KINDS.map(async (kind) => {
      const format = [kind.id, ...columns].join('\t');
      const rows = await docker([...kind.list, '--filter', `label=${filter}`, '--format', format]);
      return rows
        .split('\n')
        .filter(Boolean)
        .map((row) => {
          const [name = '', replica = '', owner = '', directory = ''] = row.split('\t');
          return { kind, name, replica, owner, directory };
        });
    }),
  );
  return found.flat();
}

/** How often a removal is tried: another rehearsal may be removing the same. */
const ATTEMPTS = 20;

/** Removes every container, network and volume of a replica. Throws ReplicaError where something stays. */
export async function removeThings(replica: string): Promise<void> {
  let problem = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const things = await list(`${LABEL.replica}=${replica}`);
    if (things.length === 0) return;
    if (attempt > 0) await wait(250);
    for (const kind of KINDS) {
      const names = things.filter((thing) => thing.kind === kind).map(({ name }) => name);
      const removed = await Promise.allSettled(names.map((name) => docker([...kind.remove, name])));
      for (const each of removed) if (each.status === 'rejected') problem = (each.reason as Error).message;
    }
  }
  throw new ReplicaError(`the replica ${replica} cannot be removed: ${problem}`);
}

/** Removes the replicas whose rehearsal has ended without doing so, and says which. */
export async function sweep(home: string, say: (line: string) => void): Promise<void> {
  const abandoned = new Map<string, string>();
  for (const { replica, owner, directory } of await list(LABEL.replica)) {
    if (hasEnded(owner) && !isKept(directory)) abandoned.set(replica, directory);
  }
  for (const directory of await abandonedDirectories(home)) abandoned.set(basename(directory), directory);
  for (const [replica, directory] of abandoned) {
    say(`removing ${replica}, which an earlier rehearsal left`);
    await removeThings(replica);
    await rm(directory, { recursive: true, force: true });
  }
}

/** A rehearsal that was killed before it made anything on the engine leaves its directory alone. */
async function abandonedDirectories(home: string): Promise<string[]> {
  const names = await readdir(home).catch(() => []);
  const found: string[] = [];
  for (const directory of names.map((name) => join(home, name))) {
    const owner = await readFile(join(directory, OWNER), 'utf8').catch(() => '');
    if (hasEnded(owner) && !isKept(directory)) found.push(directory);
  }
  return found;
}

/** In a replica's directory: who made it, as in the label. */
export const OWNER = 'owner.json';
