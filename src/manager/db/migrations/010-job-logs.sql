-- What a job's log shows when nothing runs: the attempt that ended last, among as many as the job has frames.
CREATE INDEX attempts_ended ON attempts (job_id, ended_at_ms) WHERE outcome <> 'running';
