-- What the farm has done, counted while it is done, so that no figure ever needs a scan. Kept by the triggers below.

CREATE TABLE totals (
  name  TEXT PRIMARY KEY CONSTRAINT total_is_known
        CHECK (name IN ('upload_bytes', 'frame_bytes', 'video_bytes', 'frames_filed', 'bytes_filed')),
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO totals (name, value)
  SELECT 'upload_bytes', COALESCE(SUM(size) FILTER (WHERE kind = 'upload'), 0) FROM files UNION ALL
  SELECT 'frame_bytes', COALESCE(SUM(size) FILTER (WHERE kind = 'frame'), 0) FROM files UNION ALL
  SELECT 'video_bytes', COALESCE(SUM(size) FILTER (WHERE kind = 'video'), 0) FROM files UNION ALL
  SELECT 'frames_filed', COUNT(*) FILTER (WHERE kind = 'frame') FROM files UNION ALL
  SELECT 'bytes_filed', COALESCE(SUM(size) FILTER (WHERE kind <> 'upload'), 0) FROM files;

-- Sums of one hour (hours since 1970). `subject` is a user's id (0: of no user any more), a runner's id, or a reason to fail.
CREATE TABLE hourly (
  hour    INTEGER NOT NULL,
  figure  TEXT NOT NULL CONSTRAINT figure_is_known CHECK (figure IN ('user_frames', 'runner_frames', 'runner_busy_ms', 'failures')),
  subject TEXT NOT NULL,
  value   INTEGER NOT NULL,
  PRIMARY KEY (hour, figure, subject)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER file_added AFTER INSERT ON files BEGIN
  UPDATE totals SET value = value + new.size WHERE name = new.kind || '_bytes';
END;

CREATE TRIGGER file_removed AFTER DELETE ON files BEGIN
  UPDATE totals SET value = value - old.size WHERE name = old.kind || '_bytes';
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

CREATE TRIGGER attempt_ended AFTER UPDATE OF outcome ON attempts
  WHEN old.outcome = 'running' AND new.outcome <> 'running' AND new.runner_id IS NOT NULL BEGIN
  INSERT INTO hourly (hour, figure, subject, value)
    VALUES (new.ended_at_ms / 3600000, 'runner_busy_ms', new.runner_id, MAX(0, new.ended_at_ms - new.started_at_ms))
    ON CONFLICT DO UPDATE SET value = value + excluded.value;
END;

CREATE TRIGGER attempt_failed AFTER UPDATE OF outcome ON attempts WHEN old.outcome = 'running' AND new.outcome = 'failed' BEGIN
  INSERT INTO hourly (hour, figure, subject, value) VALUES (new.ended_at_ms / 3600000, 'failures', new.reason, 1)
    ON CONFLICT DO UPDATE SET value = value + 1;
END;

-- Lists of jobs in one state.
CREATE INDEX jobs_by_status ON jobs (status, id);
