import type { Database } from "bun:sqlite";
import type { StoredFile } from "#domain/output.ts";
import type { TaskStatus } from "#domain/task.ts";

export type TaskFrames = { id: number; frames: string; status: TaskStatus };

/** The frames of those render tasks of a job that are in one of the given states, in the order of their ids. */
export function listTaskFrames(db: Database, jobId: number, statuses: readonly TaskStatus[]): TaskFrames[] {
  return db
    .query<TaskFrames, [number, string]>(
      `SELECT id, frames, status FROM tasks
       WHERE job_id = ? AND kind = 'render' AND status IN (SELECT value FROM json_each(?)) ORDER BY id`,
    )
    .all(jobId, JSON.stringify(statuses));
}

/** The ids of a job's tasks in one state, after the id `after`. */
export function listTaskIds(db: Database, jobId: number, status: TaskStatus, after: number, limit: number): number[] {
  return db
    .query<{ id: number }, [number, string, number, number]>(
      "SELECT id FROM tasks WHERE job_id = ? AND status = ? AND id > ? ORDER BY id LIMIT ?",
    )
    .all(jobId, status, after, limit)
    .map((row) => row.id);
}

/** The files of one frame in the order of their names, so that the frame's own picture comes before those beside it. */
export function listFilesOfFrame(db: Database, jobId: number, frame: number): StoredFile[] {
  return db
    .query<StoredFile, [number, number]>(
      `SELECT id, job_id AS jobId, kind, name, frame, size, sha256, created_at_ms AS createdAtMs
       FROM files WHERE job_id = ? AND frame = ? ORDER BY length(name), name`,
    )
    .all(jobId, frame);
}
