import type { Database } from "bun:sqlite";
import { parseFrames } from "#domain/frames.ts";
import type { StoredFile } from "#domain/output.ts";
import type { TaskStatus } from "#domain/task.ts";

/** The frames of each render task of a job that has failed. */
export function listFailedFrames(db: Database, jobId: number): string[] {
  return db
    .query<{ frames: string }, [number]>(
      "SELECT frames FROM tasks INDEXED BY tasks_failed WHERE job_id = ? AND status = 'failed' AND kind = 'render'",
    )
    .all(jobId)
    .map((row) => row.frames);
}

/** The id of the render task that a frame of a job belongs to; null if it belongs to none. */
export function findTaskOfFrame(db: Database, jobId: number, frame: number): number | null {
  const tasks = db
    .query<{ id: number; frames: string }, [number]>(
      "SELECT id, frames FROM tasks WHERE job_id = ? AND kind = 'render'",
    )
    .all(jobId);
  const own = String(frame);
  const isOf = (frames: string) => frames === own || (/[-,]/.test(frames) && parseFrames(frames).includes(frame));
  return tasks.find(({ frames }) => isOf(frames))?.id ?? null;
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
