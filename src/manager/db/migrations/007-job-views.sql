-- What the pages of a job ask for at every look: the size of what came out, its latest frame, and how long the latest tasks took.

ALTER TABLE jobs ADD COLUMN
  -- of all frames and videos; kept by the triggers below
  output_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET output_bytes = (SELECT COALESCE(SUM(size), 0) FROM files WHERE job_id = jobs.id AND kind <> 'upload');

CREATE TRIGGER output_added AFTER INSERT ON files WHEN new.kind <> 'upload' BEGIN
  UPDATE jobs SET output_bytes = output_bytes + new.size WHERE id = new.job_id;
END;

CREATE TRIGGER output_removed AFTER DELETE ON files WHEN old.kind <> 'upload' BEGIN
  UPDATE jobs SET output_bytes = output_bytes - old.size WHERE id = old.job_id;
END;

CREATE INDEX files_by_job ON files (job_id, id);
CREATE INDEX attempts_completed ON attempts (job_id, ended_at_ms) WHERE outcome = 'completed';
CREATE INDEX tasks_failed ON tasks (job_id, id) WHERE status = 'failed';
