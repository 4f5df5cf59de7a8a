import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { findPostgresProgram } from '../compose/index.ts';
import { connectClient, type DatabaseLogin } from '../host/database.ts';
import type { Host } from '../host/host.ts';
import { NEVER } from '../host/interruption.ts';
import { localHost } from '../host/local.ts';
import { type Printed, printedBy } from '../host/printed.ts';
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

/** The database that a dump is to be restored into; `major` is its server's, where that is known beforehand. */
export interface DumpTarget {
  database: string;
  major: string | null;
}

/**
 * Looks at a file, before anything is begun. Throws ReplicaError where it cannot be read, is no dump of the custom format,
 * is of another database or of another major version, or is damaged or cut off, as far as this machine can tell.
 */
export async function openDump(path: string, { database, major }: DumpTarget): Promise<Dump> {
  const header = parseDumpHeader(await head(path));
  if (!header)
    throw new ReplicaError(
      `${path} is no dump of pg_dump’s custom format: make one with \`pg_dump -Fc ${database} > …\``,
    );
  if (header.database !== database)
    throw new ReplicaError(
      `${path} is a dump of the database ${header.database}, and the runbook’s is ${database}`,
    );
  const dump = { ...header, path, name: basename(path) };
  if (major !== null) refuseOtherMajor(dump, major);
  await refuseDamaged(path);
  return dump;
}

/** Reads all of a dump, where this machine has a pg_restore that understands it: the replica's own reads it again. */
async function refuseDamaged(path: string): Promise<void> {
  const program = await findPostgresProgram('pg_restore', process.env.PATH);
  if (program === null) return;
  const { start } = localHost({ directory: '.' });
  const read = await printedBy(start, [program, ...READ_ALL], NEVER, createReadStream(path));
  if (read.exitCode !== 0 && !isTooNew(read)) throw damaged(path, read);
}

const READ_ALL = ['-f', '/dev/null'];

const damaged = (path: string, read: Printed) =>
  new ReplicaError(
    isTooNew(read)
      ? `${path} was made by a newer pg_dump than the replica’s pg_restore can read: make it with the server’s own`
      : `${path} is damaged or cut off: ${lastWords(read)}`,
  );

/** Of an archive, not of the server that it was taken of. */
const isTooNew = ({ stderr }: Printed) => stderr.includes('unsupported version');

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
  const read = await feed(READ_ALL);
  if (read.exitCode !== 0) throw damaged(dump.path, read);
  const target = ['-U', login.user, '-d', login.name];
  const restored = await feed([...target, '--no-owner', '--no-privileges', '--exit-on-error']);
  if (restored.exitCode !== 0)
    throw new ReplicaError(`${dump.path} cannot be restored: ${lastWords(restored)}`);
}

async function requireSameMajor(host: Host, login: DatabaseLogin, dump: Dump): Promise<void> {
  const client = await connectClient(() => host.inside(login.service).database(), login);
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  refuseOtherMajor(dump, majorOf(rows[0]?.server_version ?? ''));
}

function refuseOtherMajor(dump: Dump, ours: string): void {
  const theirs = majorOf(dump.serverVersion);
  if (theirs === ours) return;
  throw new ReplicaError(
    `${dump.path} is of PostgreSQL ${theirs}, and the replica’s server is ${ours}: ` +
      'what is true on one need not be on the other; take the same major version in compose.yaml',
  );
}

const lastWords = ({ stderr, exitCode }: Printed) =>
  stderr.trim().split('\n').at(-1) || `pg_restore ended with ${exitCode}`;
