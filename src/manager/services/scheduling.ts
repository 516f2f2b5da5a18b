import { MAX_FAILURES_PER_RUNNER_AND_JOB } from "#domain/failure.ts";
import type { Task } from "#domain/task.ts";
import { countFailuresOfRunner, hasFailedTask } from "#manager/db/attempts.ts";
import { leaseNextTask, leaseTask, listQueuedTasks } from "#manager/db/tasks.ts";
import { hasBlender, matchBlenders, type BlenderMatch } from "./blender-choice.ts";
import type { Farm } from "./farm.ts";
import type { ReadyJob } from "./ready-index.ts";
import type { LiveRunner } from "./runner-table.ts";

/** Queued tasks that are looked at when a runner has failed all that it could take. */
const RECONSIDERED_TASKS = 20;

/** A runner that asks for work is heard of at least every four seconds (RENEW_EVERY_MS). */
const ASKS_FOR_WORK_MS = 6000;

/** Takes the next task for a runner, part of the caller's transaction: the job from memory, the task by one indexed statement. Null when there is none. */
export function takeTask(farm: Farm, runner: LiveRunner): Task | null {
  const match = matchBlenders(farm);
  const jobs = farm.ready.inOrder((job) => canTake(match, runner, job), farm.leases.countOfUser);
  for (const job of jobs) {
    const others = othersFor(farm, match, runner, job);
    if (isTiredOf(farm, runner, job) && others.length > 0) continue;
    if (leavesItTo(farm, match, runner, job, others)) continue;
    const nowMs = farm.clock.nowMs();
    const task = leaseNextTask(farm.db, { jobId: job.id, kind: "render", runnerId: runner.id, nowMs });
    const taken = task ?? takeFailedTask(farm, runner, { job, others, nowMs });
    if (taken) return taken;
  }
  return null;
}

/** Whether there is anything in the queue that a runner could take, by what is in memory. */
export function hasWorkFor(farm: Farm, runner: LiveRunner): boolean {
  const match = matchBlenders(farm);
  return farm.ready.inOrder((job) => canTake(match, runner, job), farm.leases.countOfUser).length > 0;
}

function canTake(match: BlenderMatch, runner: LiveRunner, job: ReadyJob): boolean {
  if (runner.ownerId !== null && runner.ownerId !== job.userId) return false;
  const choice = match.choose(job);
  return choice !== null && match.canUse(runner, choice.version);
}

/**
 * Whether a runner that would have to fetch a job's Blender leaves its tasks to others: when enough that have it are idle and ask for
 * work at this moment. Should they not take them, this runner looks again a few seconds later.
 */
function leavesItTo(
  farm: Farm,
  match: BlenderMatch,
  runner: LiveRunner,
  job: ReadyJob,
  others: readonly LiveRunner[],
): boolean {
  const version = match.choose(job)?.version;
  if (version === undefined || hasBlender(runner, version)) return false;
  const nowMs = farm.clock.monotonicMs();
  const idle = others.filter(
    (other) =>
      hasBlender(other, version) &&
      nowMs - other.seenMs < ASKS_FOR_WORK_MS &&
      farm.leases.ofRunner(other.id).length === 0 &&
      countFailuresOfRunner(farm.db, job.id, other.id, 1) === 0,
  );
  return idle.length > 0 && idle.length >= job.tasksQueued;
}

function isTiredOf(farm: Farm, runner: LiveRunner, job: ReadyJob): boolean {
  const most = MAX_FAILURES_PER_RUNNER_AND_JOB;
  return countFailuresOfRunner(farm.db, job.id, runner.id, most) >= most;
}

/** Other runners that are there and could take this job. */
function othersFor(farm: Farm, match: BlenderMatch, runner: LiveRunner, job: ReadyJob): LiveRunner[] {
  const others = farm.runners
    .all()
    .filter((other) => other.id !== runner.id && other.status === "online" && !other.leaving);
  return others.filter((other) => canTake(match, other, job) && !isTiredOf(farm, other, job));
}

/** A task that this runner has failed before, if none of the others that could take it has not. */
function takeFailedTask(
  farm: Farm,
  runner: LiveRunner,
  { job, others, nowMs }: { job: ReadyJob; others: readonly LiveRunner[]; nowMs: number },
): Task | null {
  const tasks = listQueuedTasks(farm.db, job.id, "render", RECONSIDERED_TASKS);
  const task = tasks.find(({ id }) => others.every((other) => hasFailedTask(farm.db, id, other.id)));
  return task ? leaseTask(farm.db, { taskId: task.id, runnerId: runner.id, nowMs }) : null;
}
