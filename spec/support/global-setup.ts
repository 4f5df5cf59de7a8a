import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { initCluster, own, postgresPrograms, startPostgres } from '../../tools/compose/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The directory of the Unix socket of the PostgreSQL 14 server that all specs share (superuser `crosshot`). */
    postgresSocketDirectory: string;
  }
}

/** Starts one PostgreSQL 14 server for all specs; each spec makes databases of its own in it. */
export default async function setup(project: TestProject) {
  const home = await mkdtemp(join(tmpdir(), 'runbook-spec-'));
  await own(home, (await postgresPrograms()).identity);
  await initCluster(join(home, 'data'), 'crosshot');
  const server = await startPostgres(join(home, 'data'), join(home, 's'), {
    shared_preload_libraries: 'pg_stat_statements',
    fsync: 'off',
    max_connections: '200',
  });
  project.provide('postgresSocketDirectory', server.socketDirectory);
  return async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
}
