-- Writers wait until the end, so that what is counted here is what is linked there; readers go on.
LOCK TABLE topics, users, contents, analysis_periods IN SHARE ROW EXCLUSIVE MODE;

-- One row a topic or user: what was crawled for it, its newest active period, and the Period 0 it is due.
--   created   it has contents and no period: period_id is the one to make
--   kept      it has an active period: period_id is the newest
--   inactive  it has periods, and none is active
--   empty     it has neither contents nor periods
CREATE TEMPORARY TABLE backfill_entity ON COMMIT DROP AS
WITH entity AS (
  SELECT 'topic' AS entity_type, id AS entity_id, name, status, last_crawl_at, last_summary, summary_data
  FROM topics
  UNION ALL
  SELECT 'user', id, name, status, last_crawl_at, last_summary, summary_data
  FROM users
),
-- A content of a topic and a user is in both groups.
crawled AS (
  SELECT
    CASE grouping(topic_id) WHEN 0 THEN 'topic' ELSE 'user' END AS entity_type,
    coalesce(topic_id, user_id) AS entity_id,
    min(crawled_at) AS first_crawled_at,
    max(crawled_at) AS last_crawled_at,
    count(*) AS content_count,
    count(*) FILTER (WHERE analysis_period_id IS NULL) AS unlinked_count
  FROM contents
  GROUP BY GROUPING SETS ((topic_id), (user_id))
),
analyzed AS (
  SELECT
    entity_type,
    entity_id,
    (array_agg(id ORDER BY period_number DESC) FILTER (WHERE status = 'active'))[1] AS newest_active_id
  FROM analysis_periods
  GROUP BY entity_type, entity_id
),
judged AS (
  SELECT
    *,
    CASE
      WHEN newest_active_id IS NOT NULL THEN 'kept'
      WHEN analyzed.entity_id IS NOT NULL THEN 'inactive'
      WHEN crawled.entity_id IS NOT NULL THEN 'created'
      ELSE 'empty'
    END AS outcome,
    greatest(last_crawled_at, coalesce(last_crawl_at, now())) AS reached_at
  FROM entity
  LEFT JOIN crawled USING (entity_type, entity_id)
  LEFT JOIN analyzed USING (entity_type, entity_id)
)
SELECT
  entity_type,
  entity_id,
  name,
  status = 'active' AS is_active,
  outcome,
  CASE outcome WHEN 'created' THEN gen_random_uuid() ELSE newest_active_id END AS period_id,
  first_crawled_at AS period_start,
  -- A period has a length: where all was crawled at one moment, the least that a client's clock can tell.
  CASE
    WHEN reached_at > first_crawled_at THEN reached_at
    ELSE first_crawled_at + interval '1 millisecond'
  END AS period_end,
  coalesce(content_count, 0) AS content_count,
  coalesce(unlinked_count, 0) AS unlinked_count,
  last_summary,
  summary_data
FROM judged;

-- Thousands of entities are joined with a million contents; guessed statistics would choose nested loops.
ANALYZE backfill_entity;
