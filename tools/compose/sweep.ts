import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { endReplica } from './end.ts';
import { layoutOf, type ReplicaRecord, readEngineRecord, readReplicaRecord, socketsOf } from './layout.ts';
import { isRunning, killProcesses, markProcess, type ProcessMark } from './processes.ts';
import { ask } from './protocol.ts';

/** A replica's directory; or what one becomes while it is made or removed, named after who does it. */
const NAME = /^(runbook-[0-9a-f]{8})(?:\.(\d+)\.([^.]+))?$/;

/** A name that says who works on a directory, so that what a killed process left can be told apart. */
export function nameInWork(id: string): string {
  const { pid, started } = markProcess(process.pid) as ProcessMark;
  return `${id}.${pid}.${started.replaceAll(/[^\w:]/g, '_')}`;
}

/**
 * Finds what killed rehearsals have left in `home` and removes it: processes, sockets and directories. A
 * replica whose engine or maker lives is left alone. Several may sweep at once.
 */
export async function sweepReplicas(home: string, progress?: (line: string) => void): Promise<void> {
  for (const name of await readdir(home).catch(() => [])) {
    const [, id, pid, started] = NAME.exec(name) ?? [];
    if (id === undefined || (pid !== undefined && isAtWork(Number(pid), started))) continue;
    const record = await readReplicaRecord(join(home, name)).catch(() => null);
    if (record && pid === undefined && isLive(join(home, name), record)) continue;
    if (await removeDead(home, name, id, record))
      progress?.(`removed ${id}, which a killed rehearsal had left`);
  }
}

const isAtWork = (pid: number, started: string | undefined) =>
  markProcess(pid)?.started.replaceAll(/[^\w:]/g, '_') === started;

function isLive(directory: string, { owner }: ReplicaRecord): boolean {
  const engine = readEngineRecord(directory)?.engine;
  return isRunning(owner) || (engine !== undefined && isRunning(engine));
}

/** Whoever renames the directory first removes it; for another sweeper it is gone. */
async function removeDead(
  home: string,
  name: string,
  id: string,
  record: ReplicaRecord | null,
): Promise<boolean> {
  const claimed = join(home, nameInWork(id));
  try {
    await rename(join(home, name), claimed);
  } catch {
    return false;
  }
  await endReplica(claimed, record ?? unwritten(id));
  return true;
}

/** A replica whose maker was killed before its record was written has no engine and no service yet. */
const unwritten = (id: string): ReplicaRecord => ({
  ...{ id, owner: { pid: 0, started: '' }, ports: {}, file: '', serverPorts: {}, images: {} },
  ...{ data: socketsOf(id), sockets: socketsOf(id) },
});

/** Ends a replica, kept or not, and removes it. `directory` is `<home>/<id>`; safe to call twice. */
export async function removeReplica(directory: string): Promise<void> {
  const record = await readReplicaRecord(directory).catch(() => null);
  if (!record) return;
  await ask(layoutOf(directory, record).engineSocket, { ask: 'end' }).catch(() => undefined);
  const engine = readEngineRecord(directory)?.engine;
  if (engine) await killProcesses([engine], `${record.id}:engine`);
  await endReplica(directory, record);
}
