import type { Database } from "bun:sqlite";
import type { FailureReason } from "#domain/failure.ts";
import type { AttemptOutcome, TaskKind } from "#domain/task.ts";

export type Attempt = {
  taskId: number;
  attempt: number;
  jobId: number;
  runnerId: number | null;
  runnerName: string;
  outcome: AttemptOutcome;
  reason: FailureReason | null;
  message: string | null;
  startedAtMs: number;
  endedAtMs: number | null;
};

const COLUMNS = `task_id AS taskId, attempt, job_id AS jobId, runner_id AS runnerId, runner_name AS runnerName, outcome, reason, message,
  started_at_ms AS startedAtMs, ended_at_ms AS endedAtMs`;

/** The attempts of a task, first to last. */
export function listAttempts(db: Database, taskId: number): Attempt[] {
  return db.query<Attempt, [number]>(`SELECT ${COLUMNS} FROM attempts WHERE task_id = ? ORDER BY attempt`).all(taskId);
}

/** One attempt of a task; null if there was none of that number. */
export function getAttempt(db: Database, taskId: number, attempt: number): Attempt | null {
  return db
    .query<Attempt, [number, number]>(`SELECT ${COLUMNS} FROM attempts WHERE task_id = ? AND attempt = ?`)
    .get(taskId, attempt);
}

/** The attempt of a job that ended last; null before the first has ended. */
export function lastAttempt(db: Database, jobId: number): Attempt | null {
  return db
    .query<Attempt, [number]>(
      `SELECT ${COLUMNS} FROM attempts INDEXED BY attempts_ended WHERE job_id = ? AND outcome <> 'running'
       ORDER BY ended_at_ms DESC, task_id DESC LIMIT 1`,
    )
    .get(jobId);
}

/** The last attempt at the task of a job that failed last; null where none has failed for good. */
export function lastFailedAttempt(db: Database, jobId: number): Attempt | null {
  return db
    .query<Attempt, [number]>(
      `SELECT ${COLUMNS} FROM attempts WHERE task_id =
         (SELECT id FROM tasks WHERE job_id = ? AND status = 'failed' ORDER BY ended_at_ms DESC, id DESC LIMIT 1)
       ORDER BY attempt DESC LIMIT 1`,
    )
    .get(jobId);
}

/** An attempt with what it was at. */
export type AttemptOfRunner = Attempt & { jobName: string; frames: string; kind: TaskKind };

/** The last attempts of a runner, the newest first, of one owner's jobs where that is given. */
export function listAttemptsOfRunner(
  db: Database,
  runnerId: number,
  ownerId: number | null,
  limit: number,
): AttemptOfRunner[] {
  return db
    .query<AttemptOfRunner, [number, number | null, number]>(
      `SELECT a.task_id AS taskId, a.attempt, a.job_id AS jobId, a.runner_id AS runnerId, a.runner_name AS runnerName, a.outcome,
         a.reason, a.message, a.started_at_ms AS startedAtMs, a.ended_at_ms AS endedAtMs, j.name AS jobName, t.frames, t.kind
       FROM attempts a JOIN jobs j ON j.id = a.job_id JOIN tasks t ON t.id = a.task_id
       WHERE a.runner_id = ?1 AND (?2 IS NULL OR j.user_id = ?2) ORDER BY a.started_at_ms DESC LIMIT ?3`,
    )
    .all(runnerId, ownerId, limit);
}

/** Begins an attempt. */
export function insertAttempt(
  db: Database,
  attempt: Pick<Attempt, "taskId" | "attempt" | "jobId" | "runnerName" | "startedAtMs"> & { runnerId: number },
): void {
  db.query(
    `INSERT INTO attempts (task_id, attempt, job_id, runner_id, runner_name, outcome, started_at_ms) VALUES (?, ?, ?, ?, ?, 'running', ?)`,
  ).run(attempt.taskId, attempt.attempt, attempt.jobId, attempt.runnerId, attempt.runnerName, attempt.startedAtMs);
}

export type AttemptEnd = {
  taskId: number;
  attempt: number;
  outcome: Exclude<AttemptOutcome, "running">;
  reason?: FailureReason | null;
  message?: string | null;
  nowMs: number;
};

/** Ends an attempt that is running; one that has ended stays as it is. */
export function endAttempt(db: Database, end: AttemptEnd): void {
  db.query(
    `UPDATE attempts SET outcome = ?, reason = ?, message = ?, ended_at_ms = ? WHERE task_id = ? AND attempt = ? AND outcome = 'running'`,
  ).run(end.outcome, end.reason ?? null, end.message ?? null, end.nowMs, end.taskId, end.attempt);
}

/** Ends all running attempts of a job, because it is canceled. */
export function cancelAttempts(db: Database, jobId: number, nowMs: number): void {
  db.query("UPDATE attempts SET outcome = 'canceled', ended_at_ms = ? WHERE job_id = ? AND outcome = 'running'").run(
    nowMs,
    jobId,
  );
}

/** Whether a runner holds or held a lease in a job. */
export function hasHeldLease(db: Database, jobId: number, runnerId: number): boolean {
  return db.query("SELECT 1 FROM attempts WHERE job_id = ? AND runner_id = ? LIMIT 1").get(jobId, runnerId) !== null;
}

/** How often a runner has failed in a job since its last retry, counted no further than `most`. */
export function countFailuresOfRunner(db: Database, jobId: number, runnerId: number, most: number): number {
  const row = db
    .query<{ failures: number }, [number, number, number]>(
      `SELECT COUNT(*) AS failures FROM
         (SELECT 1 FROM attempts WHERE job_id = ? AND runner_id = ? AND outcome = 'failed' AND counted = 1 LIMIT ?)`,
    )
    .get(jobId, runnerId, most);
  return row?.failures ?? 0;
}

/** Whether a runner has failed this task since it was planned or retried. */
export function hasFailedTask(db: Database, taskId: number, runnerId: number): boolean {
  return (
    db
      .query(
        "SELECT 1 FROM attempts WHERE task_id = ? AND runner_id = ? AND outcome = 'failed' AND counted = 1 LIMIT 1",
      )
      .get(taskId, runnerId) !== null
  );
}

/** Makes a task's failures history, because it alone is tried again. */
export function forgetTaskFailures(db: Database, taskId: number): void {
  db.query("UPDATE attempts SET counted = 0 WHERE task_id = ? AND outcome = 'failed'").run(taskId);
}

/** Makes a job's failures history, because it is retried. */
export function forgetFailures(db: Database, jobId: number): void {
  db.query("UPDATE attempts SET counted = 0 WHERE job_id = ? AND outcome = 'failed'").run(jobId);
}
