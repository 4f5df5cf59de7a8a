import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { connectClient, type DatabaseLogin } from '../host/database.ts';
import type { Host } from '../host/host.ts';
import { printedBy } from '../host/printed.ts';
import { type DumpHeader, majorOf, parseDumpHeader } from './dump-header.ts';
import { ReplicaError } from './replica.ts';
import { requireMark } from './seed.ts';

/** A file that `pg_dump -Fc` made, to be restored into a replica. */
export interface Dump extends DumpHeader {
  path: string;
  /** The file's name, for reports. */
  name: string;
}

const HEAD_BYTES = 8192;

/**
 * Looks at the head of a file, before anything is begun. Throws ReplicaError where it cannot be read, is no dump of the
 * custom format, or is of another database than `database`.
 */
export async function openDump(path: string, database: string): Promise<Dump> {
  const header = parseDumpHeader(await head(path));
  if (!header)
    throw new ReplicaError(
      `${path} is no dump of pg_dump’s custom format: make one with \`pg_dump -Fc ${database} > …\``,
    );
  if (header.database !== database)
    throw new ReplicaError(
      `${path} is a dump of the database ${header.database}, and the runbook’s is ${database}`,
    );
  return { ...header, path, name: basename(path) };
}

async function head(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new ReplicaError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Restores a dump into the database of the replica `id`, with its server's own pg_restore. Owners and rights are left
 * out, as they speak of roles that a replica has not. Throws ReplicaError where the server is another one or of another
 * major version, and where the dump is damaged or cannot be restored; `signal` ends it.
 */
export async function restoreDump(
  host: Host,
  login: DatabaseLogin,
  id: string,
  dump: Dump,
  signal: AbortSignal,
): Promise<void> {
  await requireMark(host, login, id);
  await requireSameMajor(host, login, dump);
  const service = host.inside(login.service);
  const feed = (words: string[]) =>
    printedBy(service.start, ['pg_restore', ...words], signal, createReadStream(dump.path));
  // All of it is read first: what cannot be read to its end is no backup, and a half restored one no data.
  const read = await feed(['-f', '/dev/null']);
  if (read.exitCode !== 0) throw new ReplicaError(`${dump.path} is damaged or cut off: ${lastWords(read)}`);
  const target = ['-U', login.user, '-d', login.name];
  const restored = await feed([...target, '--no-owner', '--no-privileges', '--exit-on-error']);
  if (restored.exitCode !== 0)
    throw new ReplicaError(`${dump.path} cannot be restored: ${lastWords(restored)}`);
}

async function requireSameMajor(host: Host, login: DatabaseLogin, dump: Dump): Promise<void> {
  const client = await connectClient(() => host.inside(login.service).database(), login);
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  const [theirs, ours] = [majorOf(dump.serverVersion), majorOf(rows[0]?.server_version ?? '')];
  if (theirs === ours) return;
  throw new ReplicaError(
    `${dump.path} is of PostgreSQL ${theirs}, and the replica’s server is ${ours}: ` +
      'what is true on one need not be on the other; take the same major version in compose.yaml',
  );
}

const lastWords = ({ stderr, exitCode }: { stderr: string; exitCode: number | null }) =>
  stderr.trim().split('\\n').at(-1) || `pg_restore ended with ${exitCode}`;
