import type { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { enqueue, waitForEnding } from '../../../fixtures/stack/services/queue/queue.ts';
import { LABELS, newTask, type Payload, type Task } from '../../../fixtures/stack/services/queue/task.ts';
import type { Redis } from '../../../fixtures/stack/services/shared/redis.ts';
import type { SpecDatabase } from '../../support/database.ts';

/** How long a spec waits for a task: only as long as it takes, unless it is lost. */
const PATIENCE_S = 30;

/** The same for what has to be asked again and again. */
export const PATIENTLY = { timeout: PATIENCE_S * 1000 };

/** What became of a task. */
export async function endingOf(redis: Redis, task: Task) {
  const ending = await waitForEnding(redis, task.id, PATIENCE_S);
  if (!ending) throw new Error(`task ${task.id} (${task.label}) has not ended`);
  return ending;
}

/** Has the crawler or the analyst do something, and returns how it ended. */
export async function ask(redis: Redis, kind: keyof typeof LABELS, payload: Payload) {
  const task = newTask(LABELS[kind], payload);
  await enqueue(redis, task);
  return endingOf(redis, task);
}

/** Locks a row until what is returned is called, or the test ends. */
export async function lockRow(
  database: SpecDatabase,
  table: string,
  id: string,
): Promise<() => Promise<void>> {
  const client = await database.connect();
  await client.query('BEGIN');
  await client.query(`SELECT FROM ${table} WHERE id = $1 FOR UPDATE`, [id]);
  const release = async () => {
    await client.query('ROLLBACK');
  };
  onTestFinished(release);
  return release;
}

/** How many transactions of these agents wait for a lock. */
export async function waiting(client: Client, ...agents: string[]): Promise<number> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS many FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = ANY ($1) AND wait_event_type = 'Lock'`,
    [agents],
  );
  return rows[0].many;
}

/** The periods of an entity, oldest first, with what a spec asks of them. Times are PostgreSQL's own text. */
export async function periodsOf(client: Client, entityId: string) {
  const { rows } = await client.query(
    `SELECT p.id, p.period_number, p.status, p.content_count, p.metrics, p.metrics_delta, p.duration_hours,
            p.period_start::text, p.period_end::text, p.superseded_by, p.supersession_reason, p.summary,
            count(c.id)::int AS linked
     FROM analysis_periods p LEFT JOIN contents c ON c.analysis_period_id = p.id
     WHERE p.entity_id = $1 GROUP BY p.id ORDER BY p.period_number, p.created_at`,
    [entityId],
  );
  return rows;
}
