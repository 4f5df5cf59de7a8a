-- Temporal links: columns, foreign keys and indexes between old tables and new

-- No statement here rewrites a table: every default is a constant, or is evaluated once.
ALTER TABLE topics
  ADD COLUMN current_period_number integer,
  ADD COLUMN last_period_id uuid,
  ADD COLUMN total_periods integer NOT NULL DEFAULT 0,
  ADD COLUMN first_analysis_at timestamptz,
  ADD COLUMN avg_period_duration_hours double precision,
  ADD CONSTRAINT fk_topics_last_period
    FOREIGN KEY (last_period_id) REFERENCES analysis_periods (id) ON DELETE SET NULL;

CREATE INDEX idx_topics_last_period ON topics (last_period_id);

ALTER TABLE users
  ADD COLUMN current_period_number integer,
  ADD COLUMN last_period_id uuid,
  ADD COLUMN total_periods integer NOT NULL DEFAULT 0,
  ADD COLUMN first_analysis_at timestamptz,
  ADD COLUMN avg_period_duration_hours double precision,
  ADD CONSTRAINT fk_users_last_period
    FOREIGN KEY (last_period_id) REFERENCES analysis_periods (id) ON DELETE SET NULL;

CREATE INDEX idx_users_last_period ON users (last_period_id);

-- Rows that exist get the time of this statement as discovered_at; the backfill puts their crawled_at there.
ALTER TABLE contents
  ADD COLUMN analysis_period_id uuid,
  ADD COLUMN published_at timestamptz,
  ADD COLUMN discovered_at timestamptz DEFAULT now(),
  ADD COLUMN relevance_score double precision,
  ADD CONSTRAINT fk_contents_analysis_period
    FOREIGN KEY (analysis_period_id) REFERENCES analysis_periods (id) ON DELETE SET NULL,
  ADD CONSTRAINT valid_content_relevance CHECK (relevance_score >= 0 AND relevance_score <= 1);

CREATE INDEX idx_contents_period ON contents (analysis_period_id);

CREATE INDEX idx_contents_published_at ON contents (published_at);

CREATE INDEX idx_contents_discovered_at ON contents (discovered_at);

CREATE INDEX idx_contents_relevance ON contents (relevance_score DESC NULLS LAST);

ALTER TABLE tasks
  ADD COLUMN period_id uuid,
  ADD COLUMN effectiveness_id uuid,
  ADD COLUMN duration_seconds double precision,
  ADD CONSTRAINT fk_tasks_period
    FOREIGN KEY (period_id) REFERENCES analysis_periods (id) ON DELETE SET NULL,
  ADD CONSTRAINT fk_tasks_effectiveness
    FOREIGN KEY (effectiveness_id) REFERENCES crawl_effectiveness (id) ON DELETE SET NULL;

CREATE INDEX idx_tasks_period ON tasks (period_id);

CREATE INDEX idx_tasks_effectiveness ON tasks (effectiveness_id);

ALTER TABLE chat_messages
  ADD COLUMN period_id uuid,
  ADD CONSTRAINT fk_chat_messages_period
    FOREIGN KEY (period_id) REFERENCES analysis_periods (id) ON DELETE SET NULL;

CREATE INDEX idx_chat_messages_period ON chat_messages (period_id);

ALTER TABLE period_content_snapshots
  ADD CONSTRAINT fk_snapshots_period
    FOREIGN KEY (period_id) REFERENCES analysis_periods (id) ON DELETE CASCADE,
  ADD CONSTRAINT fk_snapshots_content
    FOREIGN KEY (content_id) REFERENCES contents (id) ON DELETE CASCADE;

ALTER TABLE event_contents
  ADD CONSTRAINT fk_event_contents_content
    FOREIGN KEY (content_id) REFERENCES contents (id) ON DELETE CASCADE;
