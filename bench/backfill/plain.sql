-- The backfill as plain set-based SQL: what it is measured against. It asks nothing, reports nothing, and knows no
-- second run.
BEGIN;

INSERT INTO analysis_periods (
  entity_type, entity_id, period_number, period_start, period_end, analyzed_at, duration_hours, content_count, summary,
  insights, metrics
)
SELECT
  entity_type, id, 0, first_at, end_at, end_at, extract(epoch FROM end_at - first_at)::double precision / 3600, number,
  coalesce(nullif(last_summary, ''), 'Legacy period - migrated from pre-temporal schema'),
  coalesce(summary_data -> 'insights', '{}'), coalesce(summary_data -> 'metrics', '{}')
FROM (
  SELECT
    'topic' AS entity_type, topics.id, last_summary, summary_data, min(crawled_at) AS first_at, count(*) AS number,
    greatest(max(crawled_at), coalesce(last_crawl_at, now())) AS end_at
  FROM topics JOIN contents ON contents.topic_id = topics.id
  GROUP BY topics.id
  UNION ALL
  SELECT
    'user', users.id, last_summary, summary_data, min(crawled_at), count(*),
    greatest(max(crawled_at), coalesce(last_crawl_at, now()))
  FROM users JOIN contents ON contents.user_id = users.id
  GROUP BY users.id
) AS entity;

UPDATE topics SET
  current_period_number = 0, last_period_id = period.id, total_periods = 1, first_analysis_at = analyzed_at,
  avg_period_duration_hours = duration_hours
FROM analysis_periods AS period
WHERE entity_type = 'topic' AND entity_id = topics.id;

UPDATE users SET
  current_period_number = 0, last_period_id = period.id, total_periods = 1, first_analysis_at = analyzed_at,
  avg_period_duration_hours = duration_hours
FROM analysis_periods AS period
WHERE entity_type = 'user' AND entity_id = users.id;

UPDATE contents SET analysis_period_id = period.id, discovered_at = crawled_at
FROM analysis_periods AS period
WHERE entity_type = 'user' AND entity_id = user_id;

UPDATE contents SET analysis_period_id = period.id, discovered_at = crawled_at
FROM analysis_periods AS period
WHERE entity_type = 'topic' AND entity_id = topic_id AND analysis_period_id IS NULL;

COMMIT;
