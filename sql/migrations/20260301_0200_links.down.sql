-- Dropping a column also drops the indexes, foreign keys and checks that use it.

ALTER TABLE event_contents
  DROP CONSTRAINT fk_event_contents_content;

ALTER TABLE period_content_snapshots
  DROP CONSTRAINT fk_snapshots_content,
  DROP CONSTRAINT fk_snapshots_period;

ALTER TABLE chat_messages
  DROP COLUMN period_id;

ALTER TABLE tasks
  DROP COLUMN duration_seconds,
  DROP COLUMN effectiveness_id,
  DROP COLUMN period_id;

ALTER TABLE contents
  DROP COLUMN relevance_score,
  DROP COLUMN discovered_at,
  DROP COLUMN published_at,
  DROP COLUMN analysis_period_id;

ALTER TABLE users
  DROP COLUMN avg_period_duration_hours,
  DROP COLUMN first_analysis_at,
  DROP COLUMN total_periods,
  DROP COLUMN last_period_id,
  DROP COLUMN current_period_number;

ALTER TABLE topics
  DROP COLUMN avg_period_duration_hours,
  DROP COLUMN first_analysis_at,
  DROP COLUMN total_periods,
  DROP COLUMN last_period_id,
  DROP COLUMN current_period_number;
