import type { Database } from "bun:sqlite";

/** An attempt at a render task that ended well: who worked, for how long, on which frames. */
export type RecentAttempt = { runnerId: number | null; frames: string; startedAtMs: number; endedAtMs: number };

/** The render attempts of a job that ended well last, the latest first. */
export function listRecentAttempts(db: Database, jobId: number, limit: number): RecentAttempt[] {
  return db
    .query<RecentAttempt, [number, number]>(
      `SELECT a.runner_id AS runnerId, t.frames, a.started_at_ms AS startedAtMs, a.ended_at_ms AS endedAtMs
       FROM attempts a INDEXED BY attempts_completed JOIN tasks t ON t.id = a.task_id
       WHERE a.job_id = ? AND a.outcome = 'completed' AND t.kind = 'render' ORDER BY a.ended_at_ms DESC LIMIT ?`,
    )
    .all(jobId, limit);
}
