import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';

type Row = Record<string, unknown>;

/** Inserts one row; jsonb values are given as JSON text. Returns its id. */
async function insert(client: Client, table: string, row: Row): Promise<string> {
  const values = Object.values(row);
  const columns = Object.keys(row).map((column) => client.escapeIdentifier(column));
  const places = values.map((_, index) => `$${index + 1}`);
  const { rows } = await client.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')}) RETURNING *`,
    values,
  );
  return rows[0].id;
}

const TRACKED = {
  config: '{}',
  status: 'active',
  is_pinned: false,
  position: 0,
  total_contents: 0,
  created_at: '2025-01-01T00:00:00Z',
  updated_at: '2025-01-01T00:00:00Z',
};

/** Adds a topic with unremarkable values where `row` has none; returns its id. */
export function addTopic(client: Client, row: Row = {}): Promise<string> {
  const usual = {
    id: randomUUID(),
    type: 'topic',
    name: 'Topic',
    icon: 'x',
    platforms: ['x'],
    keywords: ['k'],
  };
  return insert(client, 'topics', { ...usual, ...TRACKED, ...row });
}

/** As addTopic, a user. */
export function addUser(client: Client, row: Row = {}): Promise<string> {
  const usual = { id: randomUUID(), name: 'User', platform: 'x', profile_url: 'https://example.test/user' };
  return insert(client, 'users', { ...usual, ...TRACKED, ...row });
}

/** Adds a content crawled by a task of its own; returns its id. */
export async function addContent(client: Client, row: Row): Promise<string> {
  const task_id = await insert(client, 'tasks', {
    id: randomUUID(),
    label: 'crawler',
    priority: 1,
    status: 'completed',
    payload: '{}',
    created_at: '2025-01-01T00:00:00Z',
    retry_count: 0,
    max_retries: 3,
  });
  const usual = {
    id: randomUUID(),
    task_id,
    platform: 'x',
    source_url: 'https://example.test/content',
    crawled_at: '2025-01-02T00:00:00Z',
    hashtags: [],
    media_downloaded: false,
    metrics: '{}',
    data: '{}',
  };
  return insert(client, 'contents', { ...usual, ...row });
}

/** Adds an analysis period of one day: the n-th has the n-th day of 2025. Returns its id. */
export function addPeriod(
  client: Client,
  row: Row & { entity_id: string; period_number: number },
): Promise<string> {
  const start = Date.UTC(2025, 0, 1 + row.period_number);
  const end = new Date(start + 86_400_000);
  const usual = {
    entity_type: 'topic',
    period_start: new Date(start),
    period_end: end,
    analyzed_at: end,
    duration_hours: 24,
    summary: 'A day',
  };
  return insert(client, 'analysis_periods', { ...usual, ...row });
}

/** Adds a row to one of the tables that hang on a period. */
export async function addToPeriod(
  client: Client,
  table: 'period_content_snapshots' | 'temporal_events' | 'crawl_effectiveness',
  row: Row & { period_id: string },
): Promise<void> {
  await insert(client, table, row);
}
