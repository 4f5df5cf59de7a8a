import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { connectClient, type DatabaseLogin } from '../host/database.ts';
import type { Host } from '../host/host.ts';
import { placeIn } from '../text/place.ts';
import { ReplicaError } from './replica.ts';

/**
 * Runs SQL files in order, in one session, on a server that says it is the replica `id`.
 * Throws ReplicaError where it is another server, or with the file and line that PostgreSQL refuses.
 */
export async function seed(host: Host, login: DatabaseLogin, id: string, files: string[]): Promise<void> {
  await requireMark(host, login, id);
  const client = await connectClient(() => host.inside(login.service).database(), login);
  try {
    for (const file of files) await runFile(client, file);
  } finally {
    await client.end();
  }
}

/** Throws ReplicaError where the server is not the replica `id`. */
export async function requireMark(host: Host, login: DatabaseLogin, id: string): Promise<void> {
  if ((await host.mark(login)) === id) return;
  throw new ReplicaError(`this server is not the replica ${id}: nothing was done to it`);
}

async function runFile(client: pg.Client, file: string): Promise<void> {
  const sql = await readFile(file, 'utf8').catch((error: Error) => {
    throw new ReplicaError(`the seed cannot be read: ${error.message}`);
  });
  try {
    await client.query(sql);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { line, column } = placeIn(sql, Number(error.position ?? 1) - 1, { line: 1, column: 1 }, 1);
    throw new ReplicaError(`${file}:${line}:${column}: ${error.code}: ${error.message}`);
  }
}
