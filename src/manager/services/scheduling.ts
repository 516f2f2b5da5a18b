import { chooseBlender } from "#domain/blender-version.ts";
import { MAX_FAILURES_PER_RUNNER_AND_JOB } from "#domain/failure.ts";
import type { Task } from "#domain/task.ts";
import { countFailuresOfRunner, hasFailedTask } from "#manager/db/attempts.ts";
import { leaseNextTask, leaseTask, listQueuedTasks } from "#manager/db/tasks.ts";
import type { Farm } from "./farm.ts";
import type { ReadyJob } from "./ready-index.ts";
import type { LiveRunner } from "./runner-table.ts";

/** Queued tasks that are looked at when a runner has failed all that it could take. */
const RECONSIDERED_TASKS = 20;

/** The Blender that a runner would open a job's file with; null when it has none that may. */
export function blenderFor(runner: LiveRunner, job: Pick<ReadyJob, "fileVersion" | "blenderVersion">): string | null {
  const versions = runner.capabilities.blenders.map((blender) => blender.version);
  return chooseBlender(versions, job.fileVersion ?? "", job.blenderVersion)?.version ?? null;
}

/** Takes the next task for a runner, part of the caller's transaction: the job from memory, the task by one indexed statement. Null when there is none. */
export function takeTask(farm: Farm, runner: LiveRunner): Task | null {
  const jobs = farm.ready.inOrder((job) => canTake(runner, job), farm.leases.countOfUser);
  for (const job of jobs) {
    if (isTiredOf(farm, runner, job) && othersFor(farm, runner, job).length > 0) continue;
    const nowMs = farm.clock.nowMs();
    const task = leaseNextTask(farm.db, { jobId: job.id, kind: "render", runnerId: runner.id, nowMs });
    const taken = task ?? takeFailedTask(farm, runner, job, nowMs);
    if (taken) return taken;
  }
  return null;
}

/** Whether there is anything in the queue that a runner could take, by what is in memory. */
export function hasWorkFor(farm: Farm, runner: LiveRunner): boolean {
  return farm.ready.inOrder((job) => canTake(runner, job), farm.leases.countOfUser).length > 0;
}

function canTake(runner: LiveRunner, job: ReadyJob): boolean {
  return (runner.ownerId === null || runner.ownerId === job.userId) && blenderFor(runner, job) !== null;
}

function isTiredOf(farm: Farm, runner: LiveRunner, job: ReadyJob): boolean {
  const most = MAX_FAILURES_PER_RUNNER_AND_JOB;
  return countFailuresOfRunner(farm.db, job.id, runner.id, most) >= most;
}

/** Other runners that are there and could take this job. */
function othersFor(farm: Farm, runner: LiveRunner, job: ReadyJob): LiveRunner[] {
  const others = farm.runners
    .all()
    .filter((other) => other.id !== runner.id && other.status === "online" && !other.leaving);
  return others.filter((other) => canTake(other, job) && !isTiredOf(farm, other, job));
}

/** A task that this runner has failed before, if nobody else is there who has not. */
function takeFailedTask(farm: Farm, runner: LiveRunner, job: ReadyJob, nowMs: number): Task | null {
  const others = othersFor(farm, runner, job);
  const tasks = listQueuedTasks(farm.db, job.id, "render", RECONSIDERED_TASKS);
  const task = tasks.find(({ id }) => others.every((other) => hasFailedTask(farm.db, id, other.id)));
  return task ? leaseTask(farm.db, { taskId: task.id, runnerId: runner.id, nowMs }) : null;
}
