-- Temporal tables: extensions and the five new tables

-- Equality of entity_type and entity_id inside a gist exclusion constraint needs btree_gist.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE analysis_periods (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  entity_type varchar(20) NOT NULL,
  entity_id uuid NOT NULL,
  period_start timestamptz NOT NULL,
  period_end timestamptz NOT NULL,
  analyzed_at timestamptz NOT NULL DEFAULT now(),
  period_number integer NOT NULL,
  duration_hours double precision NOT NULL,
  status varchar(20) NOT NULL DEFAULT 'active',
  superseded_by uuid,
  supersession_reason text,
  content_count integer NOT NULL DEFAULT 0,
  summary text NOT NULL,
  summary_short text,
  insights jsonb NOT NULL DEFAULT '{}',
  metrics jsonb NOT NULL DEFAULT '{}',
  metrics_delta jsonb NOT NULL DEFAULT '{}',
  tasks_dispatched uuid[] NOT NULL DEFAULT '{}',
  tasks_summary jsonb NOT NULL DEFAULT '{}',
  chat_summary text,
  knowledge_version integer NOT NULL DEFAULT 1,
  knowledge_doc text COMPRESSION pglz,
  knowledge_diff jsonb,
  quality_score double precision,
  completeness_score double precision,
  execution_log jsonb DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT analysis_periods_pkey PRIMARY KEY (id),
  CONSTRAINT fk_analysis_periods_superseded_by
    FOREIGN KEY (superseded_by) REFERENCES analysis_periods (id) ON DELETE SET NULL,
  CONSTRAINT valid_entity_type CHECK (entity_type IN ('topic', 'user')),
  CONSTRAINT valid_status CHECK (status IN ('active', 'draft', 'superseded', 'failed', 'archived')),
  CONSTRAINT valid_period CHECK (period_end > period_start),
  CONSTRAINT valid_quality_score CHECK (quality_score >= 0 AND quality_score <= 1),
  CONSTRAINT valid_completeness_score CHECK (completeness_score >= 0 AND completeness_score <= 1),
  CONSTRAINT no_overlapping_periods EXCLUDE USING gist (
    entity_type WITH =,
    entity_id WITH =,
    tstzrange(period_start, period_end) WITH &&
  ) WHERE (status = 'active')
);

CREATE INDEX idx_periods_analyzed_at ON analysis_periods (analyzed_at);

CREATE INDEX idx_periods_status ON analysis_periods (status);

CREATE INDEX idx_periods_topic ON analysis_periods (entity_id) WHERE entity_type = 'topic';

CREATE INDEX idx_periods_user ON analysis_periods (entity_id) WHERE entity_type = 'user';

-- A superseded period keeps its number; only active ones must differ.
CREATE UNIQUE INDEX unique_active_period_number
  ON analysis_periods (entity_type, entity_id, period_number) WHERE status = 'active';

CREATE TABLE period_content_snapshots (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  period_id uuid NOT NULL,
  content_id uuid NOT NULL,
  contribution_type varchar(32) NOT NULL DEFAULT 'general',
  relevance_score double precision,
  text_snapshot text,
  key_points_snapshot jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT period_content_snapshots_pkey PRIMARY KEY (id),
  CONSTRAINT valid_relevance_score CHECK (relevance_score >= 0 AND relevance_score <= 1)
);

CREATE INDEX idx_snapshot_content ON period_content_snapshots (content_id);

CREATE INDEX idx_snapshot_period_covering ON period_content_snapshots (period_id, relevance_score DESC)
  INCLUDE (content_id, contribution_type, text_snapshot);

CREATE UNIQUE INDEX unique_period_content ON period_content_snapshots (period_id, content_id);

CREATE TABLE temporal_events (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  period_id uuid NOT NULL,
  entity_type varchar(20) NOT NULL,
  entity_id uuid NOT NULL,
  event_type varchar(32) NOT NULL,
  severity varchar(16) NOT NULL DEFAULT 'info',
  title varchar(256) NOT NULL,
  description text NOT NULL,
  first_detected_at timestamptz NOT NULL,
  last_updated_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  resolution_note text,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT temporal_events_pkey PRIMARY KEY (id),
  CONSTRAINT fk_temporal_events_period
    FOREIGN KEY (period_id) REFERENCES analysis_periods (id) ON DELETE CASCADE,
  CONSTRAINT valid_event_entity_type CHECK (entity_type IN ('topic', 'user')),
  CONSTRAINT valid_severity CHECK (severity IN ('info', 'warning', 'critical'))
);

CREATE INDEX idx_events_entity ON temporal_events (entity_type, entity_id, first_detected_at);

CREATE INDEX idx_events_period ON temporal_events (period_id);

CREATE INDEX idx_events_type ON temporal_events (event_type);

CREATE INDEX idx_events_unresolved ON temporal_events (entity_type, entity_id, resolved_at)
  WHERE resolved_at IS NULL;

CREATE TABLE event_contents (
  event_id uuid NOT NULL,
  content_id uuid NOT NULL,
  relevance_to_event double precision,
  added_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT event_contents_pkey PRIMARY KEY (event_id, content_id),
  CONSTRAINT fk_event_contents_event
    FOREIGN KEY (event_id) REFERENCES temporal_events (id) ON DELETE CASCADE,
  CONSTRAINT valid_event_relevance CHECK (relevance_to_event >= 0 AND relevance_to_event <= 1)
);

CREATE TABLE crawl_effectiveness (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  period_id uuid NOT NULL,
  entity_type varchar(20) NOT NULL,
  entity_id uuid NOT NULL,
  platform varchar(16) NOT NULL,
  query text NOT NULL,
  total_found integer NOT NULL DEFAULT 0,
  relevant_count integer NOT NULL DEFAULT 0,
  high_value_count integer NOT NULL DEFAULT 0,
  effectiveness_score double precision,
  avg_relevance double precision,
  coverage_ratio double precision,
  recommendations text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT crawl_effectiveness_pkey PRIMARY KEY (id),
  CONSTRAINT fk_crawl_effectiveness_period
    FOREIGN KEY (period_id) REFERENCES analysis_periods (id) ON DELETE CASCADE,
  CONSTRAINT valid_crawl_entity_type CHECK (entity_type IN ('topic', 'user')),
  CONSTRAINT valid_effectiveness_score CHECK (effectiveness_score >= 0 AND effectiveness_score <= 1),
  CONSTRAINT valid_avg_relevance CHECK (avg_relevance >= 0 AND avg_relevance <= 1),
  CONSTRAINT valid_coverage_ratio CHECK (coverage_ratio >= 0 AND coverage_ratio <= 1)
);

CREATE INDEX idx_effectiveness_entity ON crawl_effectiveness (entity_type, entity_id, created_at);

CREATE INDEX idx_effectiveness_period ON crawl_effectiveness (period_id);

CREATE INDEX idx_effectiveness_platform ON crawl_effectiveness (platform);

CREATE INDEX idx_effectiveness_query_trgm ON crawl_effectiveness USING gin (query gin_trgm_ops);

CREATE INDEX idx_effectiveness_score ON crawl_effectiveness (effectiveness_score DESC NULLS LAST);
