-- The pre-temporal schema: the ten tables as they stand before the migration.
-- Loaded in one session into an empty database; replicas are seeded on top of it.

CREATE TABLE topics (
  id uuid NOT NULL,
  type varchar(16) NOT NULL,
  name varchar(256) NOT NULL,
  icon varchar(8) NOT NULL,
  description text,
  platforms text[] NOT NULL,
  keywords text[] NOT NULL,
  config jsonb NOT NULL,
  status varchar(16) NOT NULL,
  is_pinned boolean NOT NULL,
  position integer NOT NULL,
  total_contents integer NOT NULL,
  last_crawl_at timestamptz,
  last_summary text,
  summary_data jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT topics_pkey PRIMARY KEY (id)
);

CREATE INDEX ix_topics_position ON topics (position);
CREATE INDEX ix_topics_status ON topics (status);

CREATE TABLE users (
  id uuid NOT NULL,
  name varchar(256) NOT NULL,
  platform varchar(16) NOT NULL,
  profile_url text NOT NULL,
  username varchar(128),
  config jsonb NOT NULL,
  status varchar(16) NOT NULL,
  is_pinned boolean NOT NULL,
  position integer NOT NULL,
  total_contents integer NOT NULL,
  last_crawl_at timestamptz,
  last_summary text,
  summary_data jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT users_pkey PRIMARY KEY (id)
);

CREATE INDEX ix_users_platform ON users (platform);
CREATE INDEX ix_users_status ON users (status);
CREATE INDEX ix_users_username ON users (username);

CREATE TABLE topic_users (
  topic_id uuid NOT NULL,
  user_id uuid NOT NULL,
  CONSTRAINT topic_users_pkey PRIMARY KEY (topic_id, user_id),
  CONSTRAINT topic_users_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES topics (id) ON DELETE CASCADE,
  CONSTRAINT topic_users_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE tasks (
  id uuid NOT NULL,
  label varchar(64) NOT NULL,
  priority smallint NOT NULL,
  status varchar(16) NOT NULL,
  payload jsonb NOT NULL,
  parent_job_id uuid,
  assigned_to varchar(64),
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  completed_at timestamptz,
  retry_count smallint NOT NULL,
  max_retries smallint NOT NULL,
  error text,
  result jsonb,
  CONSTRAINT tasks_pkey PRIMARY KEY (id)
);

CREATE INDEX ix_tasks_created_at ON tasks (created_at);
CREATE INDEX ix_tasks_label_status ON tasks (label, status);
CREATE INDEX ix_tasks_parent_job_id ON tasks (parent_job_id);
CREATE INDEX ix_tasks_status ON tasks (status);

CREATE TABLE contents (
  id uuid NOT NULL,
  task_id uuid NOT NULL,
  topic_id uuid,
  user_id uuid,
  platform varchar(16) NOT NULL,
  platform_content_id varchar(128),
  source_url text NOT NULL,
  crawled_at timestamptz NOT NULL,
  author_uid varchar(64),
  author_username varchar(64),
  author_display_name varchar(128),
  text text,
  lang varchar(8),
  hashtags text[] NOT NULL,
  media_downloaded boolean NOT NULL,
  processing_status varchar(16),
  key_points jsonb,
  metrics jsonb NOT NULL,
  data jsonb NOT NULL,
  CONSTRAINT contents_pkey PRIMARY KEY (id),
  CONSTRAINT contents_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks (id),
  CONSTRAINT contents_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES topics (id),
  CONSTRAINT contents_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_contents_author_username ON contents (author_username);
CREATE INDEX ix_contents_crawled_at ON contents (crawled_at);
CREATE INDEX ix_contents_hashtags ON contents USING gin (hashtags);
CREATE INDEX ix_contents_platform ON contents (platform);
CREATE UNIQUE INDEX ix_contents_platform_content_id ON contents (platform, platform_content_id);
CREATE INDEX ix_contents_processing_status ON contents (processing_status);
CREATE INDEX ix_contents_task_id ON contents (task_id);
CREATE INDEX ix_contents_topic_id ON contents (topic_id);
CREATE INDEX ix_contents_user_id ON contents (user_id);

CREATE TABLE content_media (
  id serial NOT NULL,
  content_id uuid NOT NULL,
  media_type varchar(16) NOT NULL,
  url text NOT NULL,
  video_url text,
  local_path text,
  video_local_path text,
  download_status varchar(16),
  download_error text,
  position smallint NOT NULL,
  CONSTRAINT content_media_pkey PRIMARY KEY (id),
  CONSTRAINT content_media_content_id_fkey FOREIGN KEY (content_id) REFERENCES contents (id) ON DELETE CASCADE
);

CREATE INDEX ix_content_media_content_id ON content_media (content_id);

CREATE TABLE chat_messages (
  id serial NOT NULL,
  entity_type varchar(16) NOT NULL,
  entity_id uuid NOT NULL,
  role varchar(16) NOT NULL,
  content text NOT NULL,
  is_archived boolean NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT chat_messages_pkey PRIMARY KEY (id)
);

CREATE INDEX ix_chat_messages_entity ON chat_messages (entity_type, entity_id, is_archived);

CREATE TABLE metric_snapshots (
  id uuid NOT NULL,
  entity_type varchar(16) NOT NULL,
  entity_id uuid NOT NULL,
  captured_at timestamptz NOT NULL,
  metrics jsonb NOT NULL,
  CONSTRAINT metric_snapshots_pkey PRIMARY KEY (id)
);

CREATE INDEX ix_metric_snapshots_entity ON metric_snapshots (entity_type, entity_id, captured_at);

CREATE TABLE analysis_notes (
  id uuid NOT NULL,
  entity_type varchar(16) NOT NULL,
  entity_id uuid NOT NULL,
  note text NOT NULL,
  category varchar(32) NOT NULL,
  is_active boolean NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT analysis_notes_pkey PRIMARY KEY (id)
);

CREATE INDEX ix_analysis_notes_entity ON analysis_notes (entity_type, entity_id, is_active);

CREATE TABLE alerts (
  id uuid NOT NULL,
  entity_type varchar(16) NOT NULL,
  entity_id uuid NOT NULL,
  level varchar(16) NOT NULL,
  message text NOT NULL,
  created_at timestamptz NOT NULL,
  resolved_at timestamptz,
  CONSTRAINT alerts_pkey PRIMARY KEY (id)
);

CREATE INDEX ix_alerts_entity ON alerts (entity_type, entity_id);
CREATE INDEX ix_alerts_unresolved ON alerts (entity_type, entity_id, resolved_at);
