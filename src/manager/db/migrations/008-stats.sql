-- What the pages for those who run the farm show.

-- The last attempts of a runner.
CREATE INDEX attempts_by_runner ON attempts (runner_id, started_at_ms);

-- The farm at moments that are a few minutes apart: what cannot be summed up afterwards.
CREATE TABLE samples (
  at_ms          INTEGER PRIMARY KEY,
  runners_online INTEGER NOT NULL,
  runners_busy   INTEGER NOT NULL,
  tasks_queued   INTEGER NOT NULL,
  frames_left    INTEGER NOT NULL,
  stored_bytes   INTEGER NOT NULL,
  free_bytes     INTEGER NOT NULL
) STRICT;
