-- The farm. Times are milliseconds since 1970 in UTC, sizes are bytes. Every id is AUTOINCREMENT: never used again.

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE users (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  email         TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name          TEXT NOT NULL,
  password_hash TEXT,
  admin         INTEGER NOT NULL DEFAULT 0 CONSTRAINT user_admin_is_a_flag CHECK (admin IN (0, 1)),
  disabled      INTEGER NOT NULL DEFAULT 0 CONSTRAINT user_disabled_is_a_flag CHECK (disabled IN (0, 1)),
  -- the test account: it works only on a manager that listens on this machine alone
  local_only    INTEGER NOT NULL DEFAULT 0 CONSTRAINT user_local_only_is_a_flag CHECK (local_only IN (0, 1)),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  token_hash      TEXT PRIMARY KEY,
  user_id         INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  user_agent      TEXT NOT NULL,
  address         TEXT NOT NULL,
  created_at_ms   INTEGER NOT NULL,
  last_used_at_ms INTEGER NOT NULL,
  expires_at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

CREATE TABLE api_keys (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  name            TEXT NOT NULL UNIQUE,
  key_hash        TEXT NOT NULL UNIQUE,
  prefix          TEXT NOT NULL,
  scope           TEXT NOT NULL CONSTRAINT key_scope_is_known CHECK (scope IN ('manager', 'user')),
  user_id         INTEGER REFERENCES users (id) ON DELETE CASCADE,
  local_only      INTEGER NOT NULL DEFAULT 0 CONSTRAINT key_local_only_is_a_flag CHECK (local_only IN (0, 1)),
  created_at_ms   INTEGER NOT NULL,
  last_used_at_ms INTEGER,
  CONSTRAINT user_key_has_a_user CHECK (scope = 'manager' OR user_id IS NOT NULL)
) STRICT;

CREATE TABLE runners (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  -- the user whose key it uses; null for a farm-wide key
  owner_id        INTEGER REFERENCES users (id) ON DELETE CASCADE,
  name            TEXT NOT NULL,
  status          TEXT NOT NULL CONSTRAINT runner_status_is_known CHECK (status IN ('online', 'offline', 'draining', 'disabled')),
  instance_id     TEXT NOT NULL,
  address         TEXT NOT NULL,
  capabilities    TEXT NOT NULL CONSTRAINT runner_capabilities_are_json CHECK (json_valid(capabilities)),
  frames_done     INTEGER NOT NULL DEFAULT 0,
  created_at_ms   INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX runners_by_owner_and_name ON runners (COALESCE(owner_id, 0), name);

CREATE TABLE jobs (
  id                    INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id               INTEGER REFERENCES users (id) ON DELETE SET NULL,
  name                  TEXT NOT NULL,
  status                TEXT NOT NULL CONSTRAINT job_status_is_known
                        CHECK (status IN ('draft', 'queued', 'running', 'paused', 'completed', 'failed', 'canceled')),
  file_name             TEXT,
  frames                TEXT,
  format                TEXT NOT NULL CONSTRAINT job_format_is_known CHECK (format IN ('EXR', 'EXR_264_MP4', 'EXR_AV1_MP4', 'EXR_VP9_WEBM')),
  priority              INTEGER NOT NULL CONSTRAINT job_priority_is_0_to_100 CHECK (priority BETWEEN 0 AND 100),
  autostart             INTEGER NOT NULL CONSTRAINT job_autostart_is_a_flag CHECK (autostart IN (0, 1)),
  main_file             TEXT,
  scene                 TEXT,
  camera                TEXT,
  engine                TEXT,
  device                TEXT NOT NULL CONSTRAINT job_device_is_known CHECK (device IN ('auto', 'cpu', 'gpu')),
  samples               INTEGER,
  resolution_percentage INTEGER,
  blender_version       TEXT,
  -- what was read: scene metadata as JSON; of it, the path of the main .blend and the Blender that saved it as X.Y
  metadata              TEXT CONSTRAINT job_metadata_is_json CHECK (metadata IS NULL OR json_valid(metadata)),
  scene_file            TEXT,
  file_version          TEXT,
  context_version       INTEGER NOT NULL DEFAULT 0,
  context_size          INTEGER NOT NULL DEFAULT 0,
  context_sha256        TEXT,
  frames_total          INTEGER NOT NULL DEFAULT 0,
  frames_done           INTEGER NOT NULL DEFAULT 0,
  width                 INTEGER,
  height                INTEGER,
  -- kept by the triggers below, so that no query ever counts a job's tasks
  tasks_total           INTEGER NOT NULL DEFAULT 0,
  tasks_queued          INTEGER NOT NULL DEFAULT 0,
  tasks_leased          INTEGER NOT NULL DEFAULT 0,
  tasks_done            INTEGER NOT NULL DEFAULT 0,
  tasks_failed          INTEGER NOT NULL DEFAULT 0,
  reason                TEXT,
  message               TEXT,
  created_at_ms         INTEGER NOT NULL,
  started_at_ms         INTEGER,
  ended_at_ms           INTEGER,
  CONSTRAINT job_ends_when_its_status_says_so CHECK ((ended_at_ms IS NOT NULL) = (status IN ('completed', 'failed', 'canceled')))
) STRICT;
CREATE INDEX jobs_by_user ON jobs (user_id, id);
CREATE INDEX jobs_active ON jobs (id) WHERE status IN ('draft', 'queued', 'running', 'paused');

CREATE TABLE job_warnings (
  job_id  INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  code    TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (job_id, code, message)
) STRICT, WITHOUT ROWID;

-- Uploads, frames and videos share one id space.
CREATE TABLE files (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id        INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  kind          TEXT NOT NULL CONSTRAINT file_kind_is_known CHECK (kind IN ('upload', 'frame', 'video')),
  name          TEXT NOT NULL,
  frame         INTEGER,
  -- how many files make up this frame: more than one with stereo or File Output nodes
  parts         INTEGER NOT NULL DEFAULT 1 CONSTRAINT file_parts_are_one_or_more CHECK (parts >= 1),
  size          INTEGER NOT NULL,
  sha256        TEXT,
  created_at_ms INTEGER NOT NULL,
  CONSTRAINT file_of_a_frame_names_it CHECK ((kind = 'frame') = (frame IS NOT NULL)),
  CONSTRAINT output_is_hashed CHECK (kind = 'upload' OR sha256 IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX outputs_by_job_and_name ON files (job_id, name) WHERE kind <> 'upload';
CREATE INDEX files_by_job_and_frame ON files (job_id, frame, id);
CREATE INDEX uploads_not_hashed ON files (id) WHERE kind = 'upload' AND sha256 IS NULL;

-- The project as runners get it: the manifest of jobs/<id>/context.tar.
CREATE TABLE project_files (
  job_id  INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  path    TEXT NOT NULL,
  size    INTEGER NOT NULL,
  sha256  TEXT NOT NULL,
  -- byte offset of the content inside context.tar
  offset  INTEGER NOT NULL,
  PRIMARY KEY (job_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id        INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  kind          TEXT NOT NULL CONSTRAINT task_kind_is_known CHECK (kind IN ('render', 'encode')),
  status        TEXT NOT NULL CONSTRAINT task_status_is_known
                CHECK (status IN ('blocked', 'queued', 'leased', 'completed', 'failed', 'canceled')),
  frames        TEXT NOT NULL,
  rank          INTEGER NOT NULL,
  attempt       INTEGER NOT NULL DEFAULT 0,
  runner_id     INTEGER REFERENCES runners (id) ON DELETE SET NULL,
  failures      INTEGER NOT NULL DEFAULT 0,
  losses        INTEGER NOT NULL DEFAULT 0,
  reason        TEXT,
  message       TEXT,
  started_at_ms INTEGER,
  ended_at_ms   INTEGER,
  CONSTRAINT task_is_leased_to_a_runner CHECK (status <> 'leased' OR (runner_id IS NOT NULL AND attempt > 0)),
  CONSTRAINT failed_task_has_a_reason CHECK (status <> 'failed' OR reason IS NOT NULL),
  CONSTRAINT task_ends_when_its_status_says_so CHECK ((ended_at_ms IS NOT NULL) = (status IN ('completed', 'failed', 'canceled')))
) STRICT;
CREATE INDEX tasks_queued ON tasks (job_id, rank, id) WHERE status = 'queued';
CREATE INDEX tasks_leased ON tasks (runner_id) WHERE status = 'leased';
CREATE INDEX tasks_by_job ON tasks (job_id, rank, id);

CREATE TABLE attempts (
  task_id       INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  attempt       INTEGER NOT NULL,
  job_id        INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  runner_id     INTEGER REFERENCES runners (id) ON DELETE SET NULL,
  runner_name   TEXT NOT NULL,
  outcome       TEXT NOT NULL CONSTRAINT attempt_outcome_is_known
                CHECK (outcome IN ('running', 'completed', 'failed', 'returned', 'lost', 'canceled')),
  reason        TEXT,
  message       TEXT,
  -- failures of before a retry are history: they keep no runner from trying again
  counted       INTEGER NOT NULL DEFAULT 1 CONSTRAINT attempt_counted_is_a_flag CHECK (counted IN (0, 1)),
  started_at_ms INTEGER NOT NULL,
  ended_at_ms   INTEGER,
  PRIMARY KEY (task_id, attempt),
  CONSTRAINT attempt_ends_when_its_outcome_says_so CHECK ((ended_at_ms IS NULL) = (outcome = 'running')),
  CONSTRAINT failed_attempt_has_a_reason CHECK (outcome <> 'failed' OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_by_job_and_runner ON attempts (job_id, runner_id);
CREATE INDEX attempts_failed ON attempts (job_id, runner_id) WHERE outcome = 'failed' AND counted = 1;

CREATE TRIGGER task_planned AFTER INSERT ON tasks BEGIN
  UPDATE jobs SET
    tasks_total  = tasks_total + 1,
    tasks_queued = tasks_queued + (new.status = 'queued'),
    tasks_leased = tasks_leased + (new.status = 'leased'),
    tasks_done   = tasks_done + (new.status = 'completed'),
    tasks_failed = tasks_failed + (new.status = 'failed')
  WHERE id = new.job_id;
END;

CREATE TRIGGER task_moved AFTER UPDATE OF status ON tasks WHEN old.status <> new.status BEGIN
  UPDATE jobs SET
    tasks_queued = tasks_queued + (new.status = 'queued') - (old.status = 'queued'),
    tasks_leased = tasks_leased + (new.status = 'leased') - (old.status = 'leased'),
    tasks_done   = tasks_done + (new.status = 'completed') - (old.status = 'completed'),
    tasks_failed = tasks_failed + (new.status = 'failed') - (old.status = 'failed')
  WHERE id = new.job_id;
END;
