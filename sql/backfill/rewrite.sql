-- The links that links.sql makes, by one rewrite of the table: each index is then built once, where an UPDATE
-- adds to all of them for each row. Nobody can read meanwhile, and who reads now is not waited for.
LOCK TABLE contents IN ACCESS EXCLUSIVE MODE NOWAIT;

-- The topics or the users that have a period, in order. What calls itself immutable is evaluated once, when the
-- rewrite is planned, and this is not changed before the rewrite is done.
CREATE FUNCTION pg_temp.entities_with_period(kind text) RETURNS uuid[] IMMUTABLE LANGUAGE sql AS $$
  SELECT coalesce(array_agg(entity_id ORDER BY entity_id), '{}')
  FROM pg_temp.backfill_entity
  WHERE entity_type = kind AND period_id IS NOT NULL
$$;

-- Their periods, in the same order
CREATE FUNCTION pg_temp.periods_of_entities(kind text) RETURNS uuid[] IMMUTABLE LANGUAGE sql AS $$
  SELECT coalesce(array_agg(period_id ORDER BY entity_id), '{}')
  FROM pg_temp.backfill_entity
  WHERE entity_type = kind AND period_id IS NOT NULL
$$;

-- What stands in one array where the key stands in the other, which is in order: a binary search in the server's
-- own code. A look into the table for each row was a fifth of the rewrite.
CREATE FUNCTION pg_temp.look_up(key uuid, keys uuid[], found uuid[]) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$
  SELECT CASE WHEN keys[width_bucket(key, keys)] = key THEN found[width_bucket(key, keys)] END
$$;

-- The user's period comes first: a content of both a topic and a user links to the user's
CREATE FUNCTION pg_temp.period_due(user_id uuid, topic_id uuid) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$
  SELECT coalesce(
    pg_temp.look_up(user_id, pg_temp.entities_with_period('user'), pg_temp.periods_of_entities('user')),
    pg_temp.look_up(topic_id, pg_temp.entities_with_period('topic'), pg_temp.periods_of_entities('topic'))
  )
$$;

-- A rewrite tries once more to compress each long value that could not be compressed when it was stored. It need
-- not: what is compressed stays so, and the rest is stored as it was. Columns of indexes are short and left alone.
CREATE TEMPORARY TABLE backfill_compressed ON COMMIT DROP AS
SELECT attname AS name
FROM pg_attribute
WHERE attrelid = 'contents'::regclass AND attnum > 0 AND NOT attisdropped AND attstorage = 'x'
  AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND attnum = ANY (indkey));

DO $$
BEGIN
  EXECUTE (
    SELECT 'ALTER TABLE contents ' || string_agg(format('ALTER COLUMN %I SET STORAGE EXTERNAL', name), ', ')
    FROM pg_temp.backfill_compressed
  );
END
$$;

-- Neither type changes. Both expressions see the row as it was.
ALTER TABLE contents
  ALTER COLUMN analysis_period_id TYPE uuid
    USING coalesce(analysis_period_id, pg_temp.period_due(user_id, topic_id)),
  ALTER COLUMN discovered_at TYPE timestamptz
    USING CASE
      WHEN analysis_period_id IS NULL AND pg_temp.period_due(user_id, topic_id) IS NOT NULL THEN crawled_at
      ELSE discovered_at
    END;

-- Each column is again what it was
DO $$
BEGIN
  EXECUTE (
    SELECT 'ALTER TABLE contents ' || string_agg(format('ALTER COLUMN %I SET STORAGE EXTENDED', name), ', ')
    FROM pg_temp.backfill_compressed
  );
END
$$;

DROP TABLE pg_temp.backfill_compressed;

DROP FUNCTION
  pg_temp.period_due(uuid, uuid),
  pg_temp.look_up(uuid, uuid[], uuid[]),
  pg_temp.periods_of_entities(text),
  pg_temp.entities_with_period(text);

-- The statistics of these two columns went with their old values
ANALYZE contents (analysis_period_id, discovered_at);
