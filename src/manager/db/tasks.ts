import type { Database } from "bun:sqlite";
import type { FailureReason } from "#domain/failure.ts";
import type { PlannedTask } from "#domain/plan.ts";
import type { Task, TaskKind } from "#domain/task.ts";
import type { VideoFormat } from "#domain/video.ts";

const COLUMNS = `id, job_id AS jobId, kind, format, status, frames, rank, attempt, runner_id AS runnerId, failures, losses, reason, message,
  started_at_ms AS startedAtMs, ended_at_ms AS endedAtMs`;

/** The task of this id; null if there is none. */
export function getTask(db: Database, id: number): Task | null {
  return db.query<Task, [number]>(`SELECT ${COLUMNS} FROM tasks WHERE id = ?`).get(id);
}

/** Tasks of a job in the order of their ids, after the id `after`. */
export function listTasks(db: Database, jobId: number, after: number, limit: number): Task[] {
  return db
    .query<Task, [number, number, number]>(
      `SELECT ${COLUMNS} FROM tasks WHERE job_id = ? AND id > ? ORDER BY id LIMIT ?`,
    )
    .all(jobId, after, limit);
}

/** All tasks that are leased. */
export function listLeasedTasks(db: Database): Task[] {
  return db.query<Task, []>(`SELECT ${COLUMNS} FROM tasks WHERE status = 'leased'`).all();
}

/** Adds a job's render tasks, queued. */
export function insertRenderTasks(db: Database, jobId: number, tasks: readonly PlannedTask[]): void {
  const insert = db.query(
    "INSERT INTO tasks (job_id, kind, status, frames, rank) VALUES (?, 'render', 'queued', ?, ?)",
  );
  for (const task of tasks) insert.run(jobId, task.frames, task.rank);
}

/**
 * Leases a job's next queued task of a kind (and, for a video, of a format) to a runner, with the next attempt number: one indexed statement, whatever the number of tasks.
 * A task that this runner has failed before is passed over. Null when there is none.
 */
export function leaseNextTask(
  db: Database,
  lease: { jobId: number; kind: TaskKind; format: VideoFormat | null; runnerId: number; nowMs: number },
): Task | null {
  return db
    .query<Task, { jobId: number; kind: string; format: string | null; runnerId: number; nowMs: number }>(
      `UPDATE tasks SET status = 'leased', attempt = attempt + 1, runner_id = $runnerId, started_at_ms = COALESCE(started_at_ms, $nowMs)
       WHERE id = (
         SELECT t.id FROM tasks t INDEXED BY tasks_queued
         WHERE t.job_id = $jobId AND t.status = 'queued' AND t.kind = $kind AND t.format IS $format AND (t.failures = 0 OR NOT EXISTS (
           SELECT 1 FROM attempts a WHERE a.task_id = t.id AND a.runner_id = $runnerId AND a.outcome = 'failed' AND a.counted = 1))
         ORDER BY t.rank, t.id LIMIT 1)
       RETURNING ${COLUMNS}`,
    )
    .get(lease);
}

/** Leases one certain task that is queued; null if it is not queued any more. */
export function leaseTask(db: Database, lease: { taskId: number; runnerId: number; nowMs: number }): Task | null {
  return db
    .query<Task, { taskId: number; runnerId: number; nowMs: number }>(
      `UPDATE tasks SET status = 'leased', attempt = attempt + 1, runner_id = $runnerId, started_at_ms = COALESCE(started_at_ms, $nowMs)
       WHERE id = $taskId AND status = 'queued' RETURNING ${COLUMNS}`,
    )
    .get(lease);
}

/** The first queued tasks of a job, of a kind and, for a video, of a format. */
export function listQueuedTasks(
  db: Database,
  jobId: number,
  of: { kind: TaskKind; format: VideoFormat | null },
  limit: number,
): Task[] {
  return db
    .query<Task, [number, string, string | null, number]>(
      `SELECT ${COLUMNS} FROM tasks INDEXED BY tasks_queued
       WHERE job_id = ? AND status = 'queued' AND kind = ? AND format IS ? ORDER BY rank, id LIMIT ?`,
    )
    .all(jobId, of.kind, of.format, limit);
}

/** Puts a task that was leased back into the queue. */
export function requeueTask(db: Database, id: number): void {
  db.query("UPDATE tasks SET status = 'queued', runner_id = NULL WHERE id = ?").run(id);
}

/** Ends a task well. */
export function completeTask(db: Database, id: number, nowMs: number): void {
  db.query("UPDATE tasks SET status = 'completed', reason = NULL, message = NULL, ended_at_ms = ? WHERE id = ?").run(
    nowMs,
    id,
  );
}

/** Ends a task for good, for a reason. */
export function failTask(
  db: Database,
  id: number,
  failure: { reason: FailureReason; message: string; nowMs: number },
): void {
  db.query("UPDATE tasks SET status = 'failed', reason = ?, message = ?, ended_at_ms = ? WHERE id = ?").run(
    failure.reason,
    failure.message,
    failure.nowMs,
    id,
  );
}

/** Counts a typed failure, with what it was; returns how many the task has now. */
export function countFailure(db: Database, id: number, failure: { reason: FailureReason; message: string }): number {
  const row = db
    .query<{ failures: number }, [string, string, number]>(
      "UPDATE tasks SET failures = failures + 1, reason = ?, message = ? WHERE id = ? RETURNING failures",
    )
    .get(failure.reason, failure.message, id);
  return row?.failures ?? 0;
}

/** Counts a lease that was lost with its runner; returns how many the task has lost now. */
export function countLoss(db: Database, id: number): number {
  const row = db
    .query<{ losses: number }, [number]>("UPDATE tasks SET losses = losses + 1 WHERE id = ? RETURNING losses")
    .get(id);
  return row?.losses ?? 0;
}

/** Cancels whatever of a job is not ended. */
export function cancelTasks(db: Database, jobId: number, nowMs: number): void {
  db.query(
    "UPDATE tasks SET status = 'canceled', ended_at_ms = ? WHERE job_id = ? AND status IN ('blocked', 'queued', 'leased')",
  ).run(nowMs, jobId);
}

/**
 * Queues the failed and canceled tasks of a job again, with fresh counts; the attempt number goes on. A video that was canceled waits until
 * `queueVideos` finds that everything is there for it.
 */
export function retryTasks(db: Database, jobId: number): void {
  db.query(
    `UPDATE tasks SET status = CASE WHEN kind = 'encode' AND status = 'canceled' THEN 'blocked' ELSE 'queued' END, runner_id = NULL, failures = 0, losses = 0, reason = NULL, message = NULL, ended_at_ms = NULL
     WHERE job_id = ? AND status IN ('failed', 'canceled')`,
  ).run(jobId);
}

/** The first tasks of a job by rank, with how often and for what they failed. */
export function listFirstTasks(
  db: Database,
  jobId: number,
  limit: number,
): Pick<Task, "id" | "status" | "failures" | "reason">[] {
  return db
    .query<Pick<Task, "id" | "status" | "failures" | "reason">, [number, number]>(
      "SELECT id, status, failures, reason FROM tasks WHERE job_id = ? AND kind = 'render' ORDER BY rank, id LIMIT ?",
    )
    .all(jobId, limit);
}

/** The reason and message of a failed task of a job, the first one that failed. */
export function firstFailure(db: Database, jobId: number): { reason: FailureReason; message: string } | null {
  return db
    .query<{ reason: FailureReason; message: string }, [number]>(
      "SELECT reason, message FROM tasks WHERE job_id = ? AND status = 'failed' ORDER BY ended_at_ms, id LIMIT 1",
    )
    .get(jobId);
}
