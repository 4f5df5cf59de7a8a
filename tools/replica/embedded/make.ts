import { randomBytes } from 'node:crypto';
import { cp, mkdir, realpath, rename, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReplicaRecipe } from '../replica.ts';
import { findFreePorts } from './free-ports.ts';
import { layoutOf, type ReplicaRecord, socketsOf, writeReplicaRecord } from './layout.ts';
import { isReachableByServer } from './postgres.ts';
import { markProcess, type ProcessMark } from './processes.ts';
import { writePrograms } from './programs.ts';
import { nameInWork } from './sweep.ts';

const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/**
 * Makes a replica's directories and files; nothing runs yet. Until it is whole the directory bears a name that
 * says who makes it, so that a sweep can tell a draft from what a killed process left.
 */
export async function makeDirectory(
  recipe: ReplicaRecipe,
): Promise<{ directory: string; record: ReplicaRecord }> {
  await mkdir(recipe.home, { recursive: true });
  const home = await realpath(recipe.home);
  const id = `runbook-${randomBytes(4).toString('hex')}`;
  const directory = join(home, id);
  const draft = join(home, nameInWork(id));
  const sockets = socketsOf(id);
  await mkdir(draft, { mode: 0o711 });
  await mkdir(sockets, { mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const record: ReplicaRecord = {
    ...{ id, sockets },
    owner: markProcess(process.pid) as ProcessMark,
    data: join((await isReachableByServer(home)) ? directory : sockets, 'data'),
    ports: await findFreePorts(recipe.ports, process.env),
  };
  await copyStack(recipe.stack, join(draft, 'project'));
  await symlink(NODE_MODULES, join(draft, 'node_modules'));
  // Node 22, which the images have, takes a lone TypeScript file with imports for a module by itself.
  await writeFile(join(draft, 'package.json'), '{ "type": "module" }\n');
  await mkdir(join(draft, 'logs'), { mode: 0o700 });
  writeReplicaRecord(draft, record);
  await rename(draft, directory);
  const layout = layoutOf(directory, record);
  await mkdir(layout.data, { mode: 0o711 });
  await writePrograms(layout);
  return { directory, record };
}

/** Services find their packages above the project, where the repository's are linked. */
async function copyStack(stack: string, project: string): Promise<void> {
  await cp(stack, project, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
}
