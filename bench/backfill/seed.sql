-- Contents of the pre-temporal schema, as many as :contents says, of :entities topics and half as many users: a third
-- is of a topic, a third of a user, a third of both. One text in a hundred has thirty kilobytes, hardly compressible.
INSERT INTO tasks (id, label, priority, status, payload, created_at, retry_count, max_retries)
SELECT md5('task' || n)::uuid, 'crawler', 1, 'completed', '{}', timestamptz '2025-01-01Z', 0, 3
FROM generate_series(0, :contents / 25) AS n;

INSERT INTO topics (
  id, type, name, icon, platforms, keywords, config, status, is_pinned, position, total_contents, last_crawl_at,
  last_summary, summary_data, created_at, updated_at
)
SELECT
  md5('topic' || n)::uuid, 'topic', 'Topic ' || n, 'x', '{x}', '{k}', '{}', 'active', false, n, 0,
  timestamptz '2026-01-01Z', 'What happened in ' || n, '{"insights": {"a": [1]}, "metrics": {"likes": 2}}',
  timestamptz '2025-01-01Z', timestamptz '2025-01-01Z'
FROM generate_series(1, :entities) AS n;

INSERT INTO users (
  id, name, platform, profile_url, config, status, is_pinned, position, total_contents, last_crawl_at, created_at,
  updated_at
)
SELECT
  md5('user' || n)::uuid, 'User ' || n, 'x', 'https://social.example/' || n, '{}', 'active', false, n, 0,
  timestamptz '2026-01-01Z', timestamptz '2025-01-01Z', timestamptz '2025-01-01Z'
FROM generate_series(1, greatest(:entities / 2, 1)) AS n;

INSERT INTO contents (
  id, task_id, topic_id, user_id, platform, platform_content_id, source_url, crawled_at, author_uid, author_username,
  author_display_name, text, lang, hashtags, media_downloaded, processing_status, key_points, metrics, data
)
SELECT
  md5('content' || n)::uuid,
  md5('task' || n / 25)::uuid,
  CASE WHEN n % 3 < 2 THEN md5('topic' || 1 + n % :entities)::uuid END,
  CASE WHEN n % 3 > 0 THEN md5('user' || 1 + n % greatest(:entities / 2, 1))::uuid END,
  (ARRAY['x', 'web', 'xhs'])[1 + n % 3],
  left(md5('platform' || n), 19),
  'https://social.example/posts/' || n,
  timestamptz '2025-01-01Z' + n % 500000 * interval '1 minute',
  'uid-' || n % 4000,
  'author' || n % 4000,
  'Author ' || n % 4000,
  CASE WHEN n % 100 = 0 THEN long.text ELSE 'New results' || repeat(', and what follows from it', n % 9) || '.' END,
  'en',
  ARRAY[(ARRAY['research', 'policy', 'market', 'howto'])[1 + n % 4], 'tag' || n % 200],
  n % 5 = 0,
  (ARRAY['done', 'done', 'pending'])[1 + n % 3],
  CASE WHEN n % 3 = 0 THEN jsonb_build_array('point ' || n, 'a second one') END,
  jsonb_build_object('likes', n % 900, 'reposts', n % 90, 'replies', n % 60, 'views', n % 36000),
  jsonb_build_object('raw', jsonb_build_object('position', n))
FROM generate_series(1, :contents) AS n
CROSS JOIN (SELECT string_agg(md5(w::text), '') AS text FROM generate_series(1, 940) AS w) AS long;
