import { runBackfill } from '../../tools/crosshot/backfill/run.ts';
import type { Connection } from '../../tools/crosshot/migrate/run-step.ts';
import type { Direction } from '../../tools/crosshot/migrate/steps.ts';
import { migrate } from '../crosshot/databases.ts';
import type { SpecStage } from '../support/stage.ts';

/** From the one that is none to the newest. */
export const REVISIONS = ['base', '20260301_0100', '20260301_0200', '20260301_0300'];

/** Moves the database to a revision, in this process. */
export async function migrateTo(stage: SpecStage, direction: Direction, revision: string): Promise<void> {
  await migrate(await connectionOf(stage), direction, revision);
}

async function connectionOf(stage: SpecStage): Promise<Connection> {
  const client = await stage.client();
  return { client, address: { url: stage.url, applicationName: 'spec' }, lockTimeoutMs: 10_000 };
}

/** What steps 3, 5 and 7 do, in this process: a spec of what comes after need not wait for programs. */
export async function migrateAndBackfill(stage: SpecStage): Promise<void> {
  const connection = await connectionOf(stage);
  await migrate(connection, 'upgrade', 'head');
  await runBackfill(connection, { dryRun: false, say: () => undefined, warn: () => undefined });
  await connection.client.query('REFRESH MATERIALIZED VIEW mv_period_metrics_trend');
}
