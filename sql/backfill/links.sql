-- The user's period comes first: a content of both a topic and a user links to the user's
UPDATE contents
SET analysis_period_id = entity.period_id, discovered_at = contents.crawled_at
FROM backfill_entity AS entity
WHERE entity.entity_type = 'user'
  AND entity.entity_id = contents.user_id
  AND entity.period_id IS NOT NULL
  AND contents.analysis_period_id IS NULL;

-- What is left links to the topic's
UPDATE contents
SET analysis_period_id = entity.period_id, discovered_at = contents.crawled_at
FROM backfill_entity AS entity
WHERE entity.entity_type = 'topic'
  AND entity.entity_id = contents.topic_id
  AND entity.period_id IS NOT NULL
  AND contents.analysis_period_id IS NULL;
