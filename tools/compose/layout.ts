import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ProcessMark } from './processes.ts';

/** Where everything of one replica lies. All of it goes when the replica goes. */
export interface Layout {
  /** The replica's id and compose project name. */
  id: string;
  /** `<home>/<id>`. */
  directory: string;
  /** The copy of the stack: where blocks on the host run. */
  project: string;
  /** Its compose file. */
  composeFile: string;
  /** One log a service, `<service>.log`. */
  logs: string;
  /** What stands first on the PATH of the replica's host: `docker`. */
  bin: string;
  /** What stands first on the PATH inside services: clients that find the replica's servers. */
  programs: string;
  /** One directory a volume. */
  data: string;
  /** The way into services that run (entry.ts). */
  entries: string;
  /** What is kept of blocks that run inside services. */
  state: string;
  /** Sockets: short, because the path of a Unix socket may have about 100 bytes. */
  sockets: string;
  engineSocket: string;
  /** The port of 127.0.0.1 where a server listens besides its socket, by its service. */
  serverPorts: Record<string, number>;
}

/** What the replica's maker writes down once, in `replica.json`. */
export interface ReplicaRecord {
  id: string;
  owner: ProcessMark;
  /** Below the replica's directory or, where the server's user could not reach that, below `sockets`. */
  data: string;
  sockets: string;
  ports: Record<string, number>;
  /** The name of the compose file. */
  file: string;
  serverPorts: Record<string, number>;
  /** Images that are taken in the place of those of the compose file, by their services. */
  images: Record<string, string>;
}

/** What the engine keeps in `engine.json`: itself and every process that it must not leave behind. */
export interface EngineRecord {
  engine: ProcessMark;
  processes: ProcessMark[];
}

/** A directory for a replica's sockets, as short as the system's temporary directory allows. */
export const socketsOf = (id: string) => join(tmpdir().length > 60 ? '/tmp' : tmpdir(), id);

/** The paths of the replica in `directory`, as its record tells. */
export function layoutOf(directory: string, { id, data, sockets, file, serverPorts }: ReplicaRecord): Layout {
  return {
    id,
    directory,
    data,
    sockets,
    serverPorts,
    project: join(directory, 'project'),
    composeFile: join(directory, 'project', file),
    logs: join(directory, 'logs'),
    bin: join(directory, 'bin'),
    programs: join(directory, 'programs'),
    entries: join(directory, 'entries'),
    state: join(directory, 'state'),
    engineSocket: join(sockets, 'engine'),
  };
}

/** The record of the replica in `directory`. Throws where there is none. */
export async function readReplicaRecord(directory: string): Promise<ReplicaRecord> {
  const record = JSON.parse(await readFile(join(directory, 'replica.json'), 'utf8')) as ReplicaRecord;
  // One that an earlier version of this tool wrote has none of these, and must be removable.
  return { ...{ file: 'compose.yaml', serverPorts: {}, images: {} }, ...record };
}

export function writeReplicaRecord(directory: string, record: ReplicaRecord): void {
  writeWhole(join(directory, 'replica.json'), JSON.stringify(record, null, 2));
}

/** The engine's record, or null where no engine has started yet. */
export function readEngineRecord(directory: string): EngineRecord | null {
  try {
    return JSON.parse(readFileSync(join(directory, 'engine.json'), 'utf8')) as EngineRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Synchronous, so that no process runs for longer than a moment without being written down. */
export function writeEngineRecord(directory: string, record: EngineRecord): void {
  writeWhole(join(directory, 'engine.json'), JSON.stringify(record, null, 2));
}

/** Writes a file so that it is never seen half written. */
export function writeWhole(path: string, text: string, mode = 0o666): void {
  const draft = join(path, '..', `.${basename(path)}`);
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}
