-- Videos: tasks that mix sound and encode, and files that are sound. Tables with a new CHECK are made anew
-- (sqlite.org/lang_altertable.html, section 7), with the numbers of their ids going on.

ALTER TABLE jobs ADD COLUMN tasks_blocked INTEGER NOT NULL DEFAULT 0;

CREATE TABLE tasks_of_kinds (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id        INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  kind          TEXT NOT NULL CONSTRAINT task_kind_is_known CHECK (kind IN ('render', 'encode', 'sound')),
  -- of which format the video is
  format        TEXT CONSTRAINT task_format_is_known CHECK (format IN ('EXR_264_MP4', 'EXR_AV1_MP4', 'EXR_VP9_WEBM')),
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
  CONSTRAINT task_of_a_video_names_its_format CHECK ((kind = 'encode') = (format IS NOT NULL)),
  CONSTRAINT task_is_leased_to_a_runner CHECK (status <> 'leased' OR (runner_id IS NOT NULL AND attempt > 0)),
  CONSTRAINT failed_task_has_a_reason CHECK (status <> 'failed' OR reason IS NOT NULL),
  CONSTRAINT task_ends_when_its_status_says_so CHECK ((ended_at_ms IS NOT NULL) = (status IN ('completed', 'failed', 'canceled')))
) STRICT;
INSERT INTO tasks_of_kinds (id, job_id, kind, status, frames, rank, attempt, runner_id, failures, losses, reason, message, started_at_ms,
    ended_at_ms)
  SELECT id, job_id, kind, status, frames, rank, attempt, runner_id, failures, losses, reason, message, started_at_ms, ended_at_ms
  FROM tasks ORDER BY id;
DELETE FROM sqlite_sequence WHERE name = 'tasks_of_kinds';
INSERT INTO sqlite_sequence (name, seq) SELECT 'tasks_of_kinds', seq FROM sqlite_sequence WHERE name = 'tasks';
DROP TABLE tasks;
ALTER TABLE tasks_of_kinds RENAME TO tasks;
CREATE INDEX tasks_queued ON tasks (job_id, kind, rank, id) WHERE status = 'queued';
CREATE INDEX tasks_leased ON tasks (runner_id) WHERE status = 'leased';
CREATE INDEX tasks_by_job ON tasks (job_id, rank, id);
-- Few of each job, however many frames it has.
CREATE INDEX tasks_beside_frames ON tasks (job_id, id) WHERE kind <> 'render';
CREATE UNIQUE INDEX videos_by_job_and_format ON tasks (job_id, format) WHERE kind = 'encode';

CREATE TRIGGER task_planned AFTER INSERT ON tasks BEGIN
  UPDATE jobs SET
    tasks_total   = tasks_total + 1,
    tasks_queued  = tasks_queued + (new.status = 'queued'),
    tasks_leased  = tasks_leased + (new.status = 'leased'),
    tasks_done    = tasks_done + (new.status = 'completed'),
    tasks_failed  = tasks_failed + (new.status = 'failed'),
    tasks_blocked = tasks_blocked + (new.status = 'blocked')
  WHERE id = new.job_id;
END;

CREATE TRIGGER task_moved AFTER UPDATE OF status ON tasks WHEN old.status <> new.status BEGIN
  UPDATE jobs SET
    tasks_queued  = tasks_queued + (new.status = 'queued') - (old.status = 'queued'),
    tasks_leased  = tasks_leased + (new.status = 'leased') - (old.status = 'leased'),
    tasks_done    = tasks_done + (new.status = 'completed') - (old.status = 'completed'),
    tasks_failed  = tasks_failed + (new.status = 'failed') - (old.status = 'failed'),
    tasks_blocked = tasks_blocked + (new.status = 'blocked') - (old.status = 'blocked')
  WHERE id = new.job_id;
END;

CREATE TRIGGER task_given_up AFTER DELETE ON tasks BEGIN
  UPDATE jobs SET
    tasks_total   = tasks_total - 1,
    tasks_queued  = tasks_queued - (old.status = 'queued'),
    tasks_leased  = tasks_leased - (old.status = 'leased'),
    tasks_done    = tasks_done - (old.status = 'completed'),
    tasks_failed  = tasks_failed - (old.status = 'failed'),
    tasks_blocked = tasks_blocked - (old.status = 'blocked')
  WHERE id = old.job_id;
END;

-- Uploads, frames, videos and their sound share one id space.
CREATE TABLE files_of_kinds (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id        INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  kind          TEXT NOT NULL CONSTRAINT file_kind_is_known CHECK (kind IN ('upload', 'frame', 'video', 'sound')),
  name          TEXT NOT NULL,
  frame         INTEGER,
  -- how many files make up this frame or video: more than one with stereo, File Output nodes, or alpha
  parts         INTEGER NOT NULL DEFAULT 1 CONSTRAINT file_parts_are_one_or_more CHECK (parts >= 1),
  size          INTEGER NOT NULL,
  sha256        TEXT,
  created_at_ms INTEGER NOT NULL,
  CONSTRAINT file_of_a_frame_names_it CHECK ((kind = 'frame') = (frame IS NOT NULL)),
  CONSTRAINT output_is_hashed CHECK (kind = 'upload' OR sha256 IS NOT NULL)
) STRICT;
INSERT INTO files_of_kinds (id, job_id, kind, name, frame, parts, size, sha256, created_at_ms)
  SELECT id, job_id, kind, name, frame, parts, size, sha256, created_at_ms FROM files ORDER BY id;
DELETE FROM sqlite_sequence WHERE name = 'files_of_kinds';
INSERT INTO sqlite_sequence (name, seq) SELECT 'files_of_kinds', seq FROM sqlite_sequence WHERE name = 'files';
DROP TABLE files;
ALTER TABLE files_of_kinds RENAME TO files;
CREATE UNIQUE INDEX outputs_by_job_and_name ON files (job_id, name) WHERE kind <> 'upload';
CREATE INDEX files_by_job_and_frame ON files (job_id, frame, id);
CREATE INDEX uploads_not_hashed ON files (id) WHERE kind = 'upload' AND sha256 IS NULL;

-- Sound counts among the videos, for which it is.
CREATE TRIGGER file_added AFTER INSERT ON files BEGIN
  UPDATE totals SET value = value + new.size WHERE name = replace(new.kind, 'sound', 'video') || '_bytes';
END;

CREATE TRIGGER file_removed AFTER DELETE ON files BEGIN
  UPDATE totals SET value = value - old.size WHERE name = replace(old.kind, 'sound', 'video') || '_bytes';
END;

CREATE TRIGGER output_filed AFTER INSERT ON files WHEN new.kind <> 'upload' BEGIN
  UPDATE totals SET value = value + new.size WHERE name = 'bytes_filed';
  UPDATE totals SET value = value + 1 WHERE name = 'frames_filed' AND new.kind = 'frame';
END;

CREATE TRIGGER frame_filed AFTER INSERT ON files WHEN new.kind = 'frame' BEGIN
  INSERT INTO hourly (hour, figure, subject, value)
    VALUES (new.created_at_ms / 3600000, 'user_frames', COALESCE((SELECT user_id FROM jobs WHERE id = new.job_id), 0), 1)
    ON CONFLICT DO UPDATE SET value = value + 1;
END;
