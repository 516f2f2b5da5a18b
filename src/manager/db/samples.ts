import type { Database } from "bun:sqlite";

/** The farm at a moment. */
export type Sample = {
  atMs: number;
  runnersOnline: number;
  runnersBusy: number;
  tasksQueued: number;
  framesLeft: number;
  storedBytes: number;
  freeBytes: number;
};

/** Notes how the farm is. */
export function insertSample(db: Database, sample: Sample): void {
  db.query(
    `INSERT OR REPLACE INTO samples (at_ms, runners_online, runners_busy, tasks_queued, frames_left, stored_bytes, free_bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    sample.atMs,
    sample.runnersOnline,
    sample.runnersBusy,
    sample.tasksQueued,
    sample.framesLeft,
    sample.storedBytes,
    sample.freeBytes,
  );
}

/** The samples from a moment on, oldest first. */
export function listSamples(db: Database, fromMs: number): Sample[] {
  return db
    .query<Sample, [number]>(
      `SELECT at_ms AS atMs, runners_online AS runnersOnline, runners_busy AS runnersBusy, tasks_queued AS tasksQueued,
         frames_left AS framesLeft, stored_bytes AS storedBytes, free_bytes AS freeBytes
       FROM samples WHERE at_ms >= ? ORDER BY at_ms`,
    )
    .all(fromMs);
}

/** Forgets the samples before a moment. */
export function deleteSamplesBefore(db: Database, beforeMs: number): void {
  db.query("DELETE FROM samples WHERE at_ms < ?").run(beforeMs);
}
