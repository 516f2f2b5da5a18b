-- Resumable uploads: what is on its way to a job. Its bytes lie in temp/ under the id; how many there are, the file itself says.
CREATE TABLE resumable_uploads (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- the draft that it is for, where it was named at the start
  job_id        INTEGER REFERENCES jobs (id) ON DELETE CASCADE,
  name          TEXT NOT NULL,
  size          INTEGER NOT NULL CONSTRAINT upload_has_a_size CHECK (size >= 0),
  -- what the sender said of it: the header Upload-Metadata, word for word
  metadata      TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  -- the last time that something of it arrived
  touched_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX resumable_uploads_by_user ON resumable_uploads (user_id, id);
CREATE INDEX resumable_uploads_by_job ON resumable_uploads (job_id) WHERE job_id IS NOT NULL;
