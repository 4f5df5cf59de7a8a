-- Temporal views: three views, a materialized view and four functions

CREATE VIEW v_period_timeline AS
SELECT
  period.id,
  period.entity_type,
  period.entity_id,
  period.period_number,
  period.period_start,
  period.period_end,
  period.analyzed_at,
  period.duration_hours,
  period.status,
  period.content_count,
  period.summary_short,
  period.insights,
  period.metrics,
  period.metrics_delta,
  period.quality_score,
  period.completeness_score,
  -- Counted apart: joined together, events and crawls would multiply each other.
  (
    SELECT count(*)
    FROM temporal_events AS event
    WHERE event.period_id = period.id AND event.resolved_at IS NULL
  ) AS unresolved_event_count,
  (
    SELECT count(*)
    FROM crawl_effectiveness AS crawl
    WHERE crawl.period_id = period.id
  ) AS crawl_task_count
FROM analysis_periods AS period
WHERE period.status = 'active'
ORDER BY period.entity_type, period.entity_id, period.period_number DESC;

CREATE VIEW v_entity_timeline_summary AS
SELECT
  entity_type,
  entity_id,
  count(*) AS total_periods,
  min(period_start) AS first_period_start,
  max(period_end) AS last_period_end,
  avg(duration_hours) AS avg_period_duration,
  sum(content_count) AS total_content_across_periods,
  avg(quality_score) AS avg_quality_score,
  avg(completeness_score) AS avg_completeness_score
FROM analysis_periods
WHERE status = 'active'
GROUP BY entity_type, entity_id;

CREATE VIEW v_crawl_effectiveness_ranking AS
SELECT
  entity_type,
  entity_id,
  platform,
  query,
  effectiveness_score,
  total_found,
  relevant_count,
  high_value_count,
  avg_relevance,
  created_at,
  avg(effectiveness_score) FILTER (WHERE recency <= 3)
    OVER (PARTITION BY entity_type, entity_id, platform) AS recent_avg_effectiveness
FROM (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY entity_type, entity_id, platform ORDER BY created_at DESC, id DESC
    ) AS recency
  FROM crawl_effectiveness
) AS crawl
ORDER BY effectiveness_score DESC NULLS LAST;

CREATE MATERIALIZED VIEW mv_period_metrics_trend AS
SELECT
  entity_type,
  entity_id,
  period_number,
  analyzed_at,
  metrics,
  metrics_delta,
  lag(metrics, 1) OVER numbered AS prev_metrics,
  lag(metrics, 2) OVER numbered AS prev_prev_metrics
FROM analysis_periods
WHERE status = 'active'
WINDOW numbered AS (PARTITION BY entity_type, entity_id ORDER BY period_number);

CREATE INDEX idx_mv_period_metrics_entity
  ON mv_period_metrics_trend (entity_type, entity_id, period_number);

CREATE FUNCTION get_period_by_number(
  p_entity_type varchar,
  p_entity_id uuid,
  p_period_number integer
) RETURNS SETOF analysis_periods
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY
  SELECT period.*
  FROM analysis_periods AS period
  WHERE period.entity_type = p_entity_type
    AND period.entity_id = p_entity_id
    AND period.period_number = p_period_number
    AND period.status = 'active';
END;
$$;

CREATE FUNCTION get_content_timeline(
  p_entity_type varchar,
  p_entity_id uuid,
  p_start_time timestamptz DEFAULT NULL,
  p_end_time timestamptz DEFAULT NULL,
  p_min_relevance double precision DEFAULT 0.0
) RETURNS TABLE (
  content_id uuid,
  period_id uuid,
  period_number integer,
  contribution_type varchar,
  relevance_score double precision,
  text_snapshot text,
  period_start timestamptz,
  period_end timestamptz
)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY
  SELECT
    snapshot.content_id,
    period.id,
    period.period_number,
    snapshot.contribution_type,
    snapshot.relevance_score,
    snapshot.text_snapshot,
    period.period_start,
    period.period_end
  FROM analysis_periods AS period
  JOIN period_content_snapshots AS snapshot ON snapshot.period_id = period.id
  WHERE period.entity_type = p_entity_type
    AND period.entity_id = p_entity_id
    AND period.status = 'active'
    AND (p_start_time IS NULL OR period.period_start >= p_start_time)
    AND (p_end_time IS NULL OR period.period_end <= p_end_time)
    AND (snapshot.relevance_score IS NULL OR snapshot.relevance_score >= p_min_relevance)
  ORDER BY period.period_number DESC, snapshot.relevance_score DESC NULLS LAST;
END;
$$;

CREATE FUNCTION detect_metric_anomalies(
  p_entity_type varchar,
  p_entity_id uuid,
  p_metric_key text,
  p_threshold_factor double precision DEFAULT 2.0
) RETURNS TABLE (
  period_id uuid,
  period_number integer,
  metric_value double precision,
  avg_value double precision,
  stddev_value double precision,
  z_score double precision
)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY
  WITH measured AS (
    -- A CASE, because a WHERE may be evaluated after the cast that it should guard.
    SELECT
      period.id,
      period.period_number AS number,
      CASE jsonb_typeof(period.metrics -> p_metric_key)
        WHEN 'number' THEN (period.metrics ->> p_metric_key)::double precision
      END AS value
    FROM analysis_periods AS period
    WHERE period.entity_type = p_entity_type
      AND period.entity_id = p_entity_id
      AND period.status = 'active'
  ),
  scored AS (
    SELECT
      measured.*,
      avg(value) OVER () AS mean,
      stddev_samp(value) OVER () AS deviation
    FROM measured
    WHERE value IS NOT NULL
  )
  SELECT id, number, value, mean, deviation, (value - mean) / nullif(deviation, 0)
  FROM scored
  WHERE abs(value - mean) / nullif(deviation, 0) > p_threshold_factor
  ORDER BY number DESC;
END;
$$;

CREATE FUNCTION recompute_metrics_delta(p_period_id uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  this analysis_periods;
  previous_number integer;
  delta jsonb;
BEGIN
  SELECT period.* INTO this
  FROM analysis_periods AS period
  WHERE period.id = p_period_id AND period.status = 'active'
  FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;

  SELECT max(period.period_number) INTO previous_number
  FROM analysis_periods AS period
  WHERE period.entity_type = this.entity_type
    AND period.entity_id = this.entity_id
    AND period.period_number < this.period_number
    AND period.status = 'active';

  IF previous_number IS NULL THEN
    delta := jsonb_build_object('note', 'First period: nothing to compare with');
  ELSE
    delta := jsonb_build_object(
      'computed_at', now(),
      'previous_period_number', previous_number,
      'note', 'Compared with the previous active period'
    );
  END IF;

  UPDATE analysis_periods SET metrics_delta = delta, updated_at = now() WHERE id = this.id;
  RETURN delta;
END;
$$;
