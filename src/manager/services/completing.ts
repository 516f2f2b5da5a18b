import { AppError } from "#domain/app-error.ts";
import { afterFailure, MAX_LOSSES_PER_TASK, type FailureReason } from "#domain/failure.ts";
import type { Warning } from "#domain/warning.ts";
import { countLoss, countFailure, completeTask, failTask, getTask, requeueTask } from "#manager/db/tasks.ts";
import { endAttempt, getAttempt } from "#manager/db/attempts.ts";
import { addWarnings } from "#manager/db/job-warnings.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import type { Lease } from "./lease-table.ts";
import { rebuildMemory } from "./rebuild.ts";
import type { LiveRunner } from "./runner-table.ts";
import { whatIsMissing } from "./task-work.ts";
import { failJob, reasonOfFirstTasks, settleJob } from "./settling.ts";

export type TaskEnd = {
  taskId: number;
  attempt: number;
  warnings: readonly Warning[];
  end: { kind: "completed" } | { kind: "givenBack" } | { kind: "failed"; reason: FailureReason; message: string };
};

/**
 * Ends a lease as its runner says: outputs, task, attempt and job change together or not at all. Asked again with the same attempt it
 * answers as before. Throws `lease_lost` when the lease is not this runner's any more, `frames_missing` when not every frame is filed.
 */
export async function endTask(farm: Farm, runner: LiveRunner, said: TaskEnd): Promise<void> {
  if (wasEndedAlready(farm, runner, said)) return;
  await inTransaction(farm, () => {
    const lease = ownLease(farm, runner, said);
    addWarnings(farm.db, lease.jobId, said.warnings);
    const { end } = said;
    if (end.kind === "completed") completeLease(farm, lease);
    else if (end.kind === "givenBack") returnLease(farm, lease);
    else failLease(farm, lease, end);
  });
}

/** Gives back what a runner holds, because a newer process of it has come or it was stopped; never counts as a try. */
export async function returnLeases(farm: Farm, leases: readonly Lease[]): Promise<void> {
  if (leases.length === 0) return;
  await inTransaction(farm, () => leases.forEach((lease) => returnLease(farm, lease)));
}

/** Takes leases from runners that have vanished; a task that is lost again and again fails. */
export async function loseLeases(farm: Farm, leases: readonly Lease[]): Promise<void> {
  if (leases.length === 0) return;
  await inTransaction(farm, () => leases.forEach((lease) => loseLease(farm, lease)));
}

async function inTransaction(farm: Farm, work: () => void): Promise<void> {
  try {
    await farm.commit.write(work);
  } catch (error) {
    if (!(error instanceof AppError)) rebuildMemory(farm);
    throw error;
  }
}

function wasEndedAlready(farm: Farm, runner: LiveRunner, said: TaskEnd): boolean {
  const attempt = getAttempt(farm.db, said.taskId, said.attempt);
  if (!attempt || attempt.runnerId !== runner.id) return false;
  const outcome = { completed: "completed", givenBack: "returned", failed: "failed" }[said.end.kind];
  return attempt.outcome === outcome;
}

function ownLease(farm: Farm, runner: LiveRunner, said: Pick<TaskEnd, "taskId" | "attempt">): Lease {
  const lease = farm.leases.get(said.taskId);
  if (lease?.attempt === said.attempt && lease.runnerId === runner.id) return lease;
  throw new AppError(
    "lease_lost",
    `This runner does not hold attempt ${said.attempt} of task ${said.taskId} any more.`,
  );
}

function completeLease(farm: Farm, lease: Lease): void {
  const task = getTask(farm.db, lease.taskId);
  // A scene whose sound nobody can hear has none to be filed.
  const missing = task && task.kind !== "sound" ? whatIsMissing(farm, task) : null;
  if (missing !== null) throw new AppError("frames_missing", missing);
  finish(farm, lease);
}

function returnLease(farm: Farm, lease: Lease): void {
  const nowMs = farm.clock.nowMs();
  endAttempt(farm.db, { taskId: lease.taskId, attempt: lease.attempt, outcome: "returned", nowMs });
  requeue(farm, lease);
}

function loseLease(farm: Farm, lease: Lease): void {
  const task = getTask(farm.db, lease.taskId);
  if (task && whatIsMissing(farm, task) === null) return finish(farm, lease);
  const nowMs = farm.clock.nowMs();
  const message = "The runner was not heard of any more.";
  endAttempt(farm.db, { taskId: lease.taskId, attempt: lease.attempt, outcome: "lost", message, nowMs });
  if (countLoss(farm.db, lease.taskId) < MAX_LOSSES_PER_TASK) return requeue(farm, lease);
  const failure = {
    reason: "runner_lost",
    message: `The task was lost with its runner ${MAX_LOSSES_PER_TASK} times.`,
    nowMs,
  } as const;
  failTask(farm.db, lease.taskId, failure);
  settle(farm, lease);
}

function failLease(farm: Farm, lease: Lease, failure: { reason: FailureReason; message: string }): void {
  const nowMs = farm.clock.nowMs();
  endAttempt(farm.db, { taskId: lease.taskId, attempt: lease.attempt, outcome: "failed", ...failure, nowMs });
  const failures = countFailure(farm.db, lease.taskId, failure);
  const next = afterFailure(failure.reason, failures);
  if (next === "requeue") {
    requeueTask(farm.db, lease.taskId);
  } else {
    failTask(farm.db, lease.taskId, { ...failure, nowMs });
  }
  drop(farm, lease);
  if (next === "fail_job" || reasonOfFirstTasks(farm, lease.jobId) === failure.reason)
    return failJob(farm, lease.jobId, failure);
  settleJob(farm, lease.jobId);
}

function finish(farm: Farm, lease: Lease): void {
  const nowMs = farm.clock.nowMs();
  endAttempt(farm.db, { taskId: lease.taskId, attempt: lease.attempt, outcome: "completed", nowMs });
  completeTask(farm.db, lease.taskId, nowMs);
  settle(farm, lease);
}

function requeue(farm: Farm, lease: Lease): void {
  requeueTask(farm.db, lease.taskId);
  settle(farm, lease);
}

function settle(farm: Farm, lease: Lease): void {
  drop(farm, lease);
  settleJob(farm, lease.jobId);
}

function drop(farm: Farm, lease: Lease): void {
  farm.leases.drop(lease.taskId);
  tellOf(farm, { type: "task", jobId: lease.jobId, taskId: lease.taskId });
}
