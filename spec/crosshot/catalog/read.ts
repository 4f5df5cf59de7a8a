import type { Client } from 'pg';

/** Everything in schema `public` that no extension owns, in words, by name. See before.yaml for the form. */
export interface Catalog {
  tables: Record<string, Table>;
  sequences: Record<string, string>;
  views: Record<string, View>;
  functions: Record<string, Routine>;
  extensions: string[];
}

interface Table {
  columns: string[];
  constraints: Record<string, string>;
  indexes: Record<string, string>;
}

interface View {
  kind: string;
  columns: string[];
  indexes: Record<string, string>;
}

interface Routine {
  arguments: string[];
  result: string;
  language: string;
  volatility: string;
}

/** The catalog as this session sees it, uncommitted changes included. */
export async function readCatalog(client: Client): Promise<Catalog> {
  const { rows: settings } = await client.query('SHOW search_path');
  // With no schema to be seen, every name is printed with its schema.
  await client.query(`SET search_path = ''`);
  const { rows } = await client.query<{ catalog: Catalog }>(CATALOG);
  await client.query(`SELECT set_config('search_path', $1, false)`, [settings[0].search_path]);
  return (rows[0] as { catalog: Catalog }).catalog;
}

const CATALOG = `
WITH relation AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relkind
  FROM pg_class AS c
  WHERE c.relnamespace = 'public'::regnamespace
    AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e')
),
columns AS (
  SELECT a.attrelid, jsonb_agg(
    concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN 'not null' END,
      'default ' || pg_get_expr(d.adbin, d.adrelid),
      CASE a.attcompression WHEN 'p' THEN 'compression pglz' WHEN 'l' THEN 'compression lz4' END)
    ORDER BY a.attnum) AS list
  FROM pg_attribute AS a
  LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid IN (SELECT oid FROM relation)
  GROUP BY a.attrelid
),
constraints AS (
  SELECT conrelid, jsonb_object_agg(conname, pg_get_constraintdef(oid)) AS list
  FROM pg_constraint
  WHERE conrelid IN (SELECT oid FROM relation)
  GROUP BY conrelid
),
indexes AS (
  -- Those of constraints are told with the constraint.
  SELECT i.indrelid, jsonb_object_agg(c.relname,
    CASE WHEN i.indisunique THEN 'unique ' ELSE '' END
      || regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', '')) AS list
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  WHERE i.indrelid IN (SELECT oid FROM relation)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
  GROUP BY i.indrelid
)
SELECT jsonb_build_object(
  'tables', (
    SELECT jsonb_object_agg(relname, jsonb_build_object(
      'columns', coalesce(columns.list, '[]'),
      'constraints', coalesce(constraints.list, '{}'),
      'indexes', coalesce(indexes.list, '{}')))
    FROM relation
    LEFT JOIN columns ON columns.attrelid = oid
    LEFT JOIN constraints ON constraints.conrelid = oid
    LEFT JOIN indexes ON indexes.indrelid = oid
    WHERE relkind NOT IN ('v', 'm', 'S', 'i', 'c')
  ),
  'sequences', (
    SELECT jsonb_object_agg(relation.relname,
      format('%s owned by %s.%s', s.seqtypid::regtype, owner.relname, a.attname))
    FROM relation
    JOIN pg_sequence AS s ON s.seqrelid = relation.oid
    LEFT JOIN pg_depend AS d
      ON d.classid = 'pg_class'::regclass AND d.objid = relation.oid AND d.deptype = 'a'
    LEFT JOIN pg_class AS owner ON owner.oid = d.refobjid
    LEFT JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  ),
  'views', (
    SELECT coalesce(jsonb_object_agg(relname, jsonb_build_object(
      'kind', CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
      'columns', columns.list,
      'indexes', coalesce(indexes.list, '{}'))), '{}')
    FROM relation
    LEFT JOIN columns ON columns.attrelid = oid
    LEFT JOIN indexes ON indexes.indrelid = oid
    WHERE relkind IN ('v', 'm')
  ),
  'functions', (
    SELECT coalesce(jsonb_object_agg(p.proname, jsonb_build_object(
      'arguments', string_to_array(pg_get_function_arguments(p.oid), ', '),
      'result', pg_get_function_result(p.oid),
      'language', l.lanname,
      'volatility', CASE p.provolatile
        WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END)), '{}')
    FROM pg_proc AS p
    JOIN pg_language AS l ON l.oid = p.prolang
    WHERE p.pronamespace = 'public'::regnamespace
      AND p.oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_proc'::regclass AND deptype = 'e')
  ),
  'extensions', (
    SELECT coalesce(jsonb_agg(extname ORDER BY extname), '[]') FROM pg_extension WHERE extname <> 'plpgsql'
  )
) AS catalog`;
