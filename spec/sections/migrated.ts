import { runBackfill } from '../../tools/crosshot/backfill/run.ts';
import { migrate } from '../crosshot/databases.ts';
import type { SpecStage } from '../support/stage.ts';

/** What steps 3, 5 and 7 do, in this process: a spec of what comes after need not wait for programs. */
export async function migrateAndBackfill(stage: SpecStage): Promise<void> {
  const client = await stage.client();
  const connection = { client, address: { url: stage.url, applicationName: 'spec' }, lockTimeoutMs: 10_000 };
  await migrate(connection, 'upgrade', 'head');
  await runBackfill(connection, { dryRun: false, say: () => undefined, warn: () => undefined });
  await client.query('REFRESH MATERIALIZED VIEW mv_period_metrics_trend');
}
