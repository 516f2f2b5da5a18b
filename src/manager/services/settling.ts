import { FIRST_TASKS_THAT_JUDGE_A_JOB, type FailureReason } from "#domain/failure.ts";
import { cancelAttempts } from "#manager/db/attempts.ts";
import { getJob, setJobStatus } from "#manager/db/jobs.ts";
import { cancelTasks, firstFailure, listFirstTasks } from "#manager/db/tasks.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import { mustGetJob } from "./jobs.ts";
import { refreshJob } from "./rebuild.ts";
import { queueVideos } from "./videos.ts";

/**
 * Moves a job on when a task has ended: its videos are queued when all frames and the sound are there. It is completed when every task is, failed when nothing is queued or leased any more and
 * one has failed. Part of the caller's transaction.
 */
export function settleJob(farm: Farm, jobId: number): void {
  const before = getJob(farm.db, jobId);
  if (!before || !["queued", "running", "paused"].includes(before.status)) return refreshJob(farm, jobId);
  queueVideos(farm, before);
  const job = mustGetJob(farm, jobId);
  const nowMs = farm.clock.nowMs();
  if (job.tasksTotal > 0 && job.tasksDone === job.tasksTotal) {
    setJobStatus(farm.db, jobId, "completed", { startedAtMs: nowMs, endedAtMs: nowMs });
  } else if (job.tasksQueued === 0 && job.tasksLeased === 0 && job.tasksFailed > 0) {
    const failure = firstFailure(farm.db, jobId);
    setJobStatus(farm.db, jobId, "failed", {
      reason: failure?.reason ?? "internal",
      message: failure?.message ?? null,
      endedAtMs: nowMs,
    });
  }
  refreshJob(farm, jobId);
}

/** Ends a whole job at once, for a reason that no other machine can better. Part of the caller's transaction. */
export function failJob(farm: Farm, jobId: number, failure: { reason: FailureReason; message: string }): void {
  const nowMs = farm.clock.nowMs();
  endTasks(farm, jobId);
  setJobStatus(farm.db, jobId, "failed", { ...failure, endedAtMs: nowMs });
  refreshJob(farm, jobId);
}

/** Cancels all of a job's tasks that are not ended; their runners hear of it at the next heartbeat. Part of the caller's transaction. */
export function endTasks(farm: Farm, jobId: number): void {
  const nowMs = farm.clock.nowMs();
  cancelAttempts(farm.db, jobId, nowMs);
  cancelTasks(farm.db, jobId, nowMs);
  for (const { taskId } of farm.leases.ofJob(jobId)) {
    farm.leases.drop(taskId);
    tellOf(farm, { type: "task", jobId, taskId });
  }
}

/** The reason for which the first tasks of a job have all failed; null while one of them has not, or for another reason. */
export function reasonOfFirstTasks(farm: Farm, jobId: number): FailureReason | null {
  const first = listFirstTasks(farm.db, jobId, FIRST_TASKS_THAT_JUDGE_A_JOB);
  const reason = first[0]?.reason ?? null;
  if (first.length < FIRST_TASKS_THAT_JUDGE_A_JOB || reason === null) return null;
  return first.every((task) => task.failures > 0 && task.status !== "completed" && task.reason === reason)
    ? reason
    : null;
}
