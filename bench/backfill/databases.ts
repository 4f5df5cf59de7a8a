import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import { initCluster, own, postgresPrograms, startPostgres } from '../../tools/compose/index.ts';
import { connect } from '../../tools/crosshot/database/connection.ts';
import { move } from '../../tools/crosshot/migrate/move.ts';
import { loadRevisions } from '../../tools/crosshot/migrate/revisions.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A PostgreSQL 14 server of its own, with the settings that it comes with. */
export interface BenchServer {
  urlOf(database: string): string;
  /** Makes a database as it is before a backfill, with so many contents. */
  seed(database: string, contents: number): Promise<void>;
  /** Makes a copy, in place of one that is there, and lets the server write all to disk. */
  copy(from: string, to: string): Promise<void>;
  query(database: string, sql: string): Promise<pg.QueryResult>;
  stop(): Promise<void>;
}

export async function startServer(): Promise<BenchServer> {
  const home = await mkdtemp(join(tmpdir(), 'runbook-bench-'));
  await own(home, (await postgresPrograms()).identity);
  await initCluster(join(home, 'data'), 'crosshot');
  // What autovacuum does when it likes would stand in one measurement and not in the next.
  const { socketDirectory, stop } = await startPostgres(join(home, 'data'), join(home, 's'), {
    autovacuum: 'off',
  });
  const end = async () => {
    await stop();
    await rm(home, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void end().finally(() => process.exit(1)));
  }
  const urlOf = (database: string) =>
    `postgresql://crosshot@localhost/${database}?host=${encodeURIComponent(socketDirectory)}`;
  const connected = async <T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = await connect({ url: urlOf(database), applicationName: 'bench' });
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  const query = (database: string, sql: string) => connected(database, (client) => client.query(sql));
  return {
    urlOf,
    query,
    async seed(database, contents) {
      await query('postgres', `CREATE DATABASE ${database}`);
      await connected(database, async (client) => {
        await client.query(await readFile(join(ROOT, 'sql/baseline.sql'), 'utf8'));
        await client.query(await seedOf(contents));
        await migrate(client, urlOf(database));
        await client.query('VACUUM ANALYZE');
      });
    },
    async copy(from, to) {
      await query('postgres', `DROP DATABASE IF EXISTS ${to}`);
      await query('postgres', `CREATE DATABASE ${to} TEMPLATE ${from}`);
      await query('postgres', 'CHECKPOINT');
    },
    stop: end,
  };
}

/** A topic for each two hundred contents, as the large data set has it. */
async function seedOf(contents: number): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'seed.sql'), 'utf8');
  return text
    .replaceAll(':contents', String(contents))
    .replaceAll(':entities', String(Math.max(2, contents / 200)));
}

async function migrate(client: pg.Client, url: string): Promise<void> {
  const ignore = () => undefined;
  await move(
    { client, address: { url, applicationName: 'bench' }, lockTimeoutMs: 10_000 },
    { direction: 'upgrade', destination: 'head', revisions: await loadRevisions() },
    { onStep: ignore, warn: ignore },
  );
}
