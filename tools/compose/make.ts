import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutOf, type ReplicaRecord, socketsOf, writeReplicaRecord } from './layout.ts';
import { isReachableByServer } from './postgres-programs.ts';
import { markProcess, type ProcessMark } from './processes.ts';
import { writePrograms } from './programs.ts';
import type { StackSource } from './source.ts';
import { nameInWork } from './sweep.ts';

/** The tool's own packages. */
const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** The packages that a stack's services find where it stands: those of the nearest directory around it that has some. */
async function packagesAround({ path }: StackSource): Promise<string> {
  if (path === null) return NODE_MODULES;
  for (let at = dirname(await realpath(path)); at !== dirname(at); at = dirname(at))
    if (existsSync(join(at, 'node_modules'))) return join(at, 'node_modules');
  return NODE_MODULES;
}

/** What a project's directory is made from. */
export interface DirectoryRecipe {
  stack: StackSource;
  /** Variables of the compose file, with a free port of 127.0.0.1 for each. */
  ports: Record<string, number>;
  /** Where projects live, one directory each. */
  home: string;
  /** A free port of 127.0.0.1 for each server that is called by an address, by its service. */
  serverPorts: Record<string, number>;
  /** Images that are taken in the place of those of the compose file, by their services. */
  images: Record<string, string>;
}

/**
 * Makes a replica's directories and files; nothing runs yet. Until it is whole the directory bears a name
 * that says who makes it, so that a sweep can tell a draft from what a killed process left.
 */
export async function makeDirectory(
  recipe: DirectoryRecipe,
): Promise<{ directory: string; record: ReplicaRecord }> {
  await mkdir(recipe.home, { recursive: true });
  const home = await realpath(recipe.home);
  const id = `runbook-${randomBytes(4).toString('hex')}`;
  const [directory, draft, sockets] = [join(home, id), join(home, nameInWork(id)), socketsOf(id)];
  const record: ReplicaRecord = {
    ...{ id, sockets },
    owner: markProcess(process.pid) as ProcessMark,
    data: join((await isReachableByServer(home)) ? directory : sockets, 'data'),
    ports: recipe.ports,
    file: recipe.stack.file,
    serverPorts: recipe.serverPorts,
    images: recipe.images,
  };
  try {
    await fillDraft(draft, record, recipe.stack);
    await rename(draft, directory);
    await makePassable(record.data);
    await writePrograms(layoutOf(directory, record));
  } catch (error) {
    for (const path of [draft, directory, sockets]) await rm(path, { recursive: true, force: true });
    throw error;
  }
  return { directory, record };
}

/** A directory that the server's own user passes through, whatever this process's umask is. */
async function makePassable(directory: string): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  await chmod(directory, 0o711);
}

async function fillDraft(draft: string, record: ReplicaRecord, stack: StackSource): Promise<void> {
  await makePassable(draft);
  if (process.getuid?.() === 0) await makePassable(record.sockets);
  else await mkdir(record.sockets, { mode: 0o700 });
  await stack.fill(join(draft, 'project'));
  await symlink(await packagesAround(stack), join(draft, 'node_modules'));
  // Node 22, which the images have, takes a lone TypeScript file with imports for a module by itself.
  await writeFile(join(draft, 'package.json'), '{ "type": "module" }\n');
  await mkdir(join(draft, 'logs'), { mode: 0o700 });
  writeReplicaRecord(draft, record);
}
