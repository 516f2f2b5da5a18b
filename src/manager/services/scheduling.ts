import { MAX_FAILURES_PER_RUNNER_AND_JOB } from "#domain/failure.ts";
import type { Task } from "#domain/task.ts";
import { countFailuresOfRunner, hasFailedTask } from "#manager/db/attempts.ts";
import { leaseNextTask, leaseTask, listQueuedTasks } from "#manager/db/tasks.ts";
import { hasBlender, matchBlenders, type BlenderMatch } from "./blender-choice.ts";
import type { Farm } from "./farm.ts";
import type { ReadyJob, ReadyWork } from "./ready-index.ts";
import type { LiveRunner } from "./runner-table.ts";

/** Queued tasks that are looked at when a runner has failed all that it could take. */
const RECONSIDERED_TASKS = 20;

/** A runner that asks for work is heard of at least every four seconds (RENEW_EVERY_MS). */
const ASKS_FOR_WORK_MS = 6000;

/** What a runner could do next. */
type Candidate = { runner: LiveRunner; job: ReadyJob; work: ReadyWork };

/** Takes the next task for a runner, part of the caller's transaction: the job from memory, the task by one indexed statement. Null when there is none. */
export function takeTask(farm: Farm, runner: LiveRunner): Task | null {
  const match = matchBlenders(farm);
  const jobs = farm.ready.inOrder((job) => canTakeAny(match, runner, job), farm.leases.countOfUser);
  for (const job of jobs) {
    for (const work of job.work) {
      const task = canTake(match, runner, job, work) ? takeOf(farm, match, { runner, job, work }) : null;
      if (task) return task;
    }
  }
  return null;
}

/** Whether there is anything in the queue that a runner could take, by what is in memory. */
export function hasWorkFor(farm: Farm, runner: LiveRunner): boolean {
  const match = matchBlenders(farm);
  return farm.ready.inOrder((job) => canTakeAny(match, runner, job), farm.leases.countOfUser).length > 0;
}

/** The runners that are there and take new tasks. */
export function runnersAtWork(farm: Farm): LiveRunner[] {
  return farm.runners.all().filter((runner) => runner.status === "online" && !runner.leaving);
}

/** Whether a runner may work on a user's jobs: one with a key of that user, or with a key of the farm's. */
export function mayWorkFor(runner: LiveRunner, job: Pick<ReadyJob, "userId">): boolean {
  return runner.ownerId === null || runner.ownerId === job.userId;
}

function takeOf(farm: Farm, match: BlenderMatch, candidate: Candidate): Task | null {
  const { runner, job, work } = candidate;
  const others = othersFor(farm, match, candidate);
  if (isTiredOf(farm, runner, job) && others.length > 0) return null;
  if (work.kind !== "encode" && leavesItTo(farm, match, candidate, others)) return null;
  const nowMs = farm.clock.nowMs();
  const task = leaseNextTask(farm.db, { jobId: job.id, ...work, runnerId: runner.id, nowMs });
  return task ?? takeFailedTask(farm, candidate, others, nowMs);
}

/** Whether a runner has what a kind of task takes: an FFmpeg that can make the video, or the job's Blender. */
function canTake(match: BlenderMatch, runner: LiveRunner, job: ReadyJob, work: ReadyWork): boolean {
  if (!mayWorkFor(runner, job)) return false;
  if (work.kind === "encode") return runner.capabilities.videoFormats.includes(work.format);
  const choice = match.choose(job);
  return choice !== null && match.canUse(runner, choice.version);
}

function canTakeAny(match: BlenderMatch, runner: LiveRunner, job: ReadyJob): boolean {
  return job.work.some((work) => canTake(match, runner, job, work));
}

/**
 * Whether a runner that would have to fetch a job's Blender leaves its tasks to others: when enough that have it are idle and ask for
 * work at this moment. Should they not take them, this runner looks again a few seconds later.
 */
function leavesItTo(
  farm: Farm,
  match: BlenderMatch,
  { runner, job }: Candidate,
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

/** Other runners that are there and could take this. */
function othersFor(farm: Farm, match: BlenderMatch, { runner, job, work }: Candidate): LiveRunner[] {
  const others = runnersAtWork(farm).filter((other) => other.id !== runner.id);
  return others.filter((other) => canTake(match, other, job, work) && !isTiredOf(farm, other, job));
}

/** A task that this runner has failed before, if none of the others that could take it has not. */
function takeFailedTask(
  farm: Farm,
  { runner, job, work }: Candidate,
  others: readonly LiveRunner[],
  nowMs: number,
): Task | null {
  const tasks = listQueuedTasks(farm.db, job.id, work, RECONSIDERED_TASKS);
  const task = tasks.find(({ id }) => others.every((other) => hasFailedTask(farm.db, id, other.id)));
  return task ? leaseTask(farm.db, { taskId: task.id, runnerId: runner.id, nowMs }) : null;
}
