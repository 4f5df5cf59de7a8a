DROP FUNCTION recompute_metrics_delta(uuid);

DROP FUNCTION detect_metric_anomalies(varchar, uuid, text, double precision);

DROP FUNCTION get_content_timeline(varchar, uuid, timestamptz, timestamptz, double precision);

DROP FUNCTION get_period_by_number(varchar, uuid, integer);

DROP MATERIALIZED VIEW mv_period_metrics_trend;

DROP VIEW v_crawl_effectiveness_ranking;

DROP VIEW v_entity_timeline_summary;

DROP VIEW v_period_timeline;
