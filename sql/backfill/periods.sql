-- Period 0 of everything that has contents and no period
INSERT INTO analysis_periods (
  id, entity_type, entity_id, period_number, period_start, period_end, analyzed_at, duration_hours,
  content_count, summary, insights, metrics, execution_log
)
SELECT
  period_id,
  entity_type,
  entity_id,
  0,
  period_start,
  period_end,
  period_end,
  extract(epoch FROM period_end - period_start)::double precision / 3600,
  content_count,
  coalesce(nullif(last_summary, ''), 'Legacy period - migrated from pre-temporal schema'),
  -- Of a list, a string or a number -> gives null, as of an object that lacks the key.
  coalesce(nullif(summary_data -> 'insights', 'null'), '{}'),
  coalesce(nullif(summary_data -> 'metrics', 'null'), '{}'),
  jsonb_build_object(
    'source', 'backfill',
    'reason', 'Period 0 from the pre-temporal schema',
    'migrated_at', now()
  )
FROM backfill_entity
WHERE outcome = 'created';

-- The five new columns of those topics
UPDATE topics
SET
  current_period_number = period.period_number,
  last_period_id = period.id,
  total_periods = 1,
  first_analysis_at = period.analyzed_at,
  avg_period_duration_hours = period.duration_hours
FROM backfill_entity AS entity
JOIN analysis_periods AS period ON period.id = entity.period_id
WHERE entity.entity_type = 'topic' AND entity.entity_id = topics.id AND entity.outcome = 'created';

-- The same of those users
UPDATE users
SET
  current_period_number = period.period_number,
  last_period_id = period.id,
  total_periods = 1,
  first_analysis_at = period.analyzed_at,
  avg_period_duration_hours = period.duration_hours
FROM backfill_entity AS entity
JOIN analysis_periods AS period ON period.id = entity.period_id
WHERE entity.entity_type = 'user' AND entity.entity_id = users.id AND entity.outcome = 'created';

-- A period that was there before grows by the contents that have arrived since
UPDATE analysis_periods AS period
SET content_count = period.content_count + entity.unlinked_count, updated_at = now()
FROM backfill_entity AS entity
WHERE entity.period_id = period.id AND entity.outcome = 'kept' AND entity.unlinked_count > 0;
