import type { Database } from "bun:sqlite";
import type { Task, TaskStatus } from "#domain/task.ts";
import { RANK_OF_OTHERS } from "#domain/plan.ts";
import type { VideoFormat } from "#domain/video.ts";

/** A task that is not about rendering: it mixes sound, or makes a video. */
export type VideoTask = Pick<Task, "id" | "status" | "frames" | "attempt" | "runnerId" | "reason" | "message"> &
  ({ kind: "sound"; format: null } | { kind: "encode"; format: VideoFormat });

/** Those tasks of a job that are not about rendering; a handful, found by an index of their own. */
export function listVideoTasks(db: Database, jobId: number): VideoTask[] {
  return db
    .query<VideoTask, [number]>(
      `SELECT id, kind, format, status, frames, attempt, runner_id AS runnerId, reason, message
       FROM tasks INDEXED BY tasks_beside_frames WHERE job_id = ? AND kind <> 'render' ORDER BY id`,
    )
    .all(jobId);
}

export type NewVideoTask = {
  kind: "sound" | "encode";
  format: VideoFormat | null;
  status: Extract<TaskStatus, "queued" | "blocked">;
  frames: string;
};

/** Adds a task that mixes sound or makes a video; returns its id. */
export function insertVideoTask(db: Database, jobId: number, task: NewVideoTask): number {
  const row = db
    .query<{ id: number }, [number, string, string | null, string, string, number]>(
      "INSERT INTO tasks (job_id, kind, format, status, frames, rank) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .get(jobId, task.kind, task.format, task.status, task.frames, RANK_OF_OTHERS);
  return row!.id;
}

/** Queues the videos of a job that waited for frames or sound; returns the ids of their tasks. */
export function queueBlockedTasks(db: Database, jobId: number): number[] {
  return db
    .query<{ id: number }, [number]>(
      `UPDATE tasks INDEXED BY tasks_beside_frames SET status = 'queued'
       WHERE job_id = ? AND kind <> 'render' AND status = 'blocked' RETURNING id`,
    )
    .all(jobId)
    .map((row) => row.id);
}

/** Queues one failed or canceled task again, with fresh counts; the attempt number goes on. */
export function retryTask(db: Database, id: number): void {
  db.query(
    `UPDATE tasks SET status = 'queued', runner_id = NULL, failures = 0, losses = 0, reason = NULL, message = NULL, ended_at_ms = NULL
     WHERE id = ? AND status IN ('failed', 'canceled')`,
  ).run(id);
}

/** Forgets a task with its attempts. */
export function deleteTask(db: Database, id: number): void {
  db.query("DELETE FROM tasks WHERE id = ?").run(id);
}

export type Picture = { frame: number; name: string; size: number; sha256: string };

/**
 * The main picture of each frame after the frame `after`, in their order: `frame_0001.exr`, or of several views the first by name
 * (`frame_0001_L.exr`). Files with a dot before their own part are from File Output nodes.
 */
export function listPictures(db: Database, jobId: number, after: number, limit: number): Picture[] {
  return db
    .query<Picture, [number, number, number]>(
      `WITH page AS (SELECT DISTINCT frame FROM files WHERE job_id = ?1 AND frame > ?2 ORDER BY frame LIMIT ?3)
       SELECT frame, name, size, sha256 FROM (
         SELECT frame, name, size, sha256, ROW_NUMBER() OVER (PARTITION BY frame ORDER BY length(name), name) AS place
         FROM files WHERE job_id = ?1 AND frame > ?2 AND frame <= (SELECT MAX(frame) FROM page)
           AND name GLOB 'frame_*.exr' AND name NOT GLOB '*.*.*')
       WHERE place = 1 ORDER BY frame`,
    )
    .all(jobId, after, limit);
}
