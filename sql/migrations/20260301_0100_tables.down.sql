-- The extensions stay: something else in the database may use them by now.

DROP TABLE crawl_effectiveness;

DROP TABLE event_contents;

DROP TABLE temporal_events;

DROP TABLE period_content_snapshots;

DROP TABLE analysis_periods;
