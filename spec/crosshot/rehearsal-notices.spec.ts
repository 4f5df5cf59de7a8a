import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SqlBlock } from '../../tools/document/document.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { typeName } from '../../tools/host/database.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import { judge } from '../../tools/outcome/judge.ts';
import type { StatementResult } from '../../tools/outcome/output.ts';
import { createDatabase, type SpecDatabase } from '../support/database.ts';

/** What step 4 says of the schema; the rest of the runbook is not asked. */
const STEP = ['verify-schema', 'verify-new-columns', 'verify-new-tables'];
const { blocks } = parseDocument('runbook.md', readFileSync('runbook.md'), HOST_KINDS);
const verifying = STEP.map((name) => blocks.find((block) => block.name === name) as SqlBlock);

let database: SpecDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  client = await database.connect();
  for (const file of [
    'baseline',
    'migrations/20260301_0100_tables.up',
    'migrations/20260301_0200_links.up',
    'migrations/20260301_0300_views.up',
  ]) {
    await client.query(readFileSync(`sql/${file}.sql`, 'utf8'));
  }
  await client.query(
    `CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES ('20260301_0300')`,
  );
});
afterAll(() => database.drop());

async function runStatement(text: string, title: string): Promise<StatementResult> {
  const { rows, fields, command } = await client.query({ text, rowMode: 'array' });
  const columns = fields.map(({ name, dataTypeID }) => ({ name, type: typeName(dataTypeID) }));
  const cells = (rows as unknown[][]).map((row) => row.map((cell) => (cell === null ? null : String(cell))));
  return { title, columns, rows: cells, rowCount: cells.length, truncated: false, command, durationMs: 0 };
}

/** Whether step 4 passes on the database as it is now. */
async function passes(): Promise<boolean> {
  for (const block of verifying) {
    const results = [];
    for (const { text, title } of block.statements) results.push(await runStatement(text, title));
    const output = {
      kind: 'sql',
      results,
      refusal: null,
      timedOut: false,
      interrupted: false,
      durationMs: 0,
    } as const;
    if (judge(block, output, { examples: true }).status !== 'passed') return false;
  }
  return true;
}

/** A DROP for every table, column, view, function and extension that the migrations make. */
async function drops(): Promise<string[]> {
  const { rows } = await client.query<{ drop: string }>(`
    WITH made AS (
      SELECT oid, relname, relkind FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm') AND relname <> 'alembic_version'
    ), new_table AS (
      SELECT * FROM made WHERE relname IN ('analysis_periods', 'period_content_snapshots', 'temporal_events', 'event_contents', 'crawl_effectiveness')
    )
    SELECT format('DROP TABLE %I CASCADE', relname) AS drop FROM new_table
    UNION ALL SELECT format('DROP VIEW %I CASCADE', relname) FROM made WHERE relkind = 'v'
    UNION ALL SELECT format('DROP MATERIALIZED VIEW %I CASCADE', relname) FROM made WHERE relkind = 'm'
    UNION ALL SELECT format('ALTER TABLE %I DROP COLUMN %I CASCADE', relname, attname)
      FROM made JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped
      WHERE oid IN (SELECT oid FROM new_table)
         OR (relname, attname) IN (
           ('topics', 'current_period_number'), ('topics', 'last_period_id'), ('topics', 'total_periods'),
           ('topics', 'first_analysis_at'), ('topics', 'avg_period_duration_hours'),
           ('users', 'current_period_number'), ('users', 'last_period_id'), ('users', 'total_periods'),
           ('users', 'first_analysis_at'), ('users', 'avg_period_duration_hours'),
           ('contents', 'analysis_period_id'), ('contents', 'published_at'), ('contents', 'discovered_at'),
           ('contents', 'relevance_score'), ('tasks', 'period_id'), ('tasks', 'effectiveness_id'),
           ('tasks', 'duration_seconds'), ('chat_messages', 'period_id'))
    UNION ALL SELECT format('DROP FUNCTION %s CASCADE', oid::regprocedure) FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    UNION ALL SELECT format('DROP EXTENSION %I CASCADE', extname) FROM pg_extension WHERE extname <> 'plpgsql'`);
  return rows.map((row) => row.drop);
}

it('step 4 passes on what the migrations make', async () => {
  expect(await passes()).toBe(true);
});

it('step 4 notices every table, column, view, function and extension that is missing', async () => {
  const missed: string[] = [];
  const all = await drops();
  for (const drop of all) {
    await client.query('BEGIN');
    await client.query(drop);
    if (await passes()) missed.push(drop);
    await client.query('ROLLBACK');
  }
  expect(missed).toEqual([]);
  expect(all).toHaveLength(5 + 3 + 1 + 68 + 18 + 4 + 2);
});
