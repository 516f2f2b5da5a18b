-- Files of jobs and uploads that are gone from the database and may still be on the disk: a manager that was ended while it removed them
-- goes on at its next start. Kept by the triggers below, so that nothing can be deleted without its files.

CREATE TABLE removals (
  kind TEXT NOT NULL CONSTRAINT removal_kind_is_known CHECK (kind IN ('job', 'upload')),
  id   INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER job_removed AFTER DELETE ON jobs BEGIN
  INSERT OR IGNORE INTO removals (kind, id) VALUES ('job', old.id);
END;

CREATE TRIGGER upload_removed AFTER DELETE ON files WHEN old.kind = 'upload' BEGIN
  INSERT OR IGNORE INTO removals (kind, id) VALUES ('upload', old.id);
END;
