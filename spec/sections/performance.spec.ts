import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initCluster, own, postgresPrograms, startPostgres } from '../../tools/compose/index.ts';
import type { Executor } from '../../tools/host/executor.ts';
import { rowsOf, runBlocks, wrongs } from '../support/blocks.ts';
import { executorWithDatabase } from '../support/executor.ts';
import { describeStage } from '../support/stage.ts';
import { connect } from '../support/states.ts';
import { migrateAndBackfill } from './migrated.ts';

describeStage(['postgres'], (stage) => {
  beforeAll(() => migrateAndBackfill(stage));

  test('the section passes, and its tables and indexes are listed by size and by use', async () => {
    const finished = await stage.pass('performance-monitoring');
    const sizes = rowsOf(finished, 'table-sizes').map(([, bytes]) => Number(bytes));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes.at(-1)).toBeGreaterThan(0);
    const scans = rowsOf(finished, 'table-sizes', 1).map((row) => Number(row[2]));
    expect(scans).toEqual([...scans].sort((a, b) => b - a));
  });

  test('an index that a query takes is counted', async () => {
    const scans = async () => {
      const rows = rowsOf(await stage.pass('table-sizes'), 'table-sizes', 1);
      return Number(rows.find(([name]) => name === 'idx_periods_analyzed_at')?.[2]);
    };
    const before = await scans();
    const reader = await connect(stage.url);
    await reader.query('SET enable_seqscan = off');
    await reader.query(`SELECT FROM analysis_periods WHERE analyzed_at > '2025-01-01'`);
    // A session tells the server's statistics at its end, and they come a little later.
    await reader.end();
    await expect.poll(scans, { timeout: 120_000 }).toBeGreaterThan(before);
  });

  test('a query on periods is among the slow ones, and no other', async () => {
    await stage.pass('statistics-loaded', 'statistics-extension');
    await stage.query('SELECT pg_stat_statements_reset()');
    await stage.query('SELECT pg_sleep(0.01) FROM analysis_periods LIMIT 1');
    await stage.query('SELECT count(*) FROM topics');
    const queries = rowsOf(await stage.pass('slow-queries'), 'slow-queries');
    expect(queries.map(([query, calls]) => [query, calls])).toEqual([
      ['SELECT pg_sleep($1) FROM analysis_periods LIMIT $2', '1'],
    ]);
  });
});

describe('on a server that does not load pg_stat_statements', () => {
  let executor: Executor;
  let end: () => Promise<void>;

  beforeAll(async () => {
    const home = await mkdtemp(join(tmpdir(), 'runbook-spec-'));
    await own(home, (await postgresPrograms()).identity);
    await initCluster(join(home, 'data'), 'crosshot');
    const server = await startPostgres(join(home, 'data'), join(home, 's'));
    end = async () => {
      await executor.close();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    };
    const connect = () => connectSocket(join(server.socketDirectory, '.s.PGSQL.5432'));
    executor = await executorWithDatabase(connect, 'postgres', home);
  });
  afterAll(() => end?.());

  test('the runbook says so, and how to load it, before it asks for slow queries', async () => {
    const blocks = ['statistics-loaded', 'statistics-extension', 'slow-queries'];
    const finished = await runBlocks(executor, blocks, { retry: false, variables: {} });
    expect(finished.map(({ outcome }) => outcome.status)).toEqual(['failed', 'not-run', 'not-run']);
    expect(wrongs(finished.slice(0, 1))).toEqual([
      expect.stringContaining('start the server with -c shared_preload_libraries=pg_stat_statements'),
    ]);
  });

  test('the query alone is refused', async () => {
    const blocks = ['statistics-extension', 'slow-queries'];
    const finished = await runBlocks(executor, blocks, { retry: false, variables: {} });
    expect(wrongs(finished)).toContainEqual(
      expect.stringContaining('pg_stat_statements must be loaded via shared_preload_libraries'),
    );
  });
});
