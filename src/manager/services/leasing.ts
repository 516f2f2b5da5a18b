import type { Job } from "#domain/job.ts";
import type { Task } from "#domain/task.ts";
import { endAttempt, insertAttempt } from "#manager/db/attempts.ts";
import { getJob, setJobMessage, setJobStatus } from "#manager/db/jobs.ts";
import { completeTask, getTask } from "#manager/db/tasks.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";
import { settleJob } from "./settling.ts";
import { fixBlender } from "./blender-use.ts";
import { hasWorkFor, takeTask } from "./scheduling.ts";
import { whatIsMissing, workFor, type TaskWork } from "./task-work.ts";
import { rebuildMemory, refreshJob } from "./rebuild.ts";
import { hearFrom, mustStillBeGood } from "./runner-liveness.ts";
import type { LiveRunner } from "./runner-table.ts";

/** A lease with all that the runner must know for it. */
export type GrantedTask = { task: Task; job: Job } & TaskWork;

export type TaskRequest = {
  slots: number;
  /** Leases the runner knows that it holds, as task id and attempt. */
  holding: readonly { id: number; attempt: number }[];
  waitMs: number;
  abort: AbortSignal;
};

/**
 * Answers a runner that asks for work: first the leases that it holds by the manager's books and did not list (their answer was
 * lost), then new ones up to its free slots. Waits up to `waitMs` for the first; an open wait keeps the runner's leases alive.
 */
export async function askForTasks(farm: Farm, runner: LiveRunner, request: TaskRequest): Promise<GrantedTask[]> {
  const untilMs = farm.clock.monotonicMs() + request.waitMs;
  for (;;) {
    const seen = farm.work.count();
    await hearFrom(farm, runner);
    if (request.abort.aborted) return [];
    const tasks = await grantTasks(farm, runner, request);
    const leftMs = untilMs - farm.clock.monotonicMs();
    if (tasks.length > 0 || leftMs <= 0 || farm.stopping.aborted) return tasks;
    await farm.work.wait(seen, Math.min(leftMs, RENEW_EVERY_MS), request.abort);
    mustStillBeGood(farm, runner);
    if (request.abort.aborted || runner.gone) return []; // nobody would hear of a task
    renewWhileWaiting(farm, runner, request);
  }
}

/** How often an open wait counts as a heartbeat. */
const RENEW_EVERY_MS = 4000;

function renewWhileWaiting(farm: Farm, runner: LiveRunner, request: TaskRequest): void {
  const nowMs = farm.clock.monotonicMs();
  for (const held of request.holding) {
    const lease = farm.leases.get(held.id);
    if (lease?.attempt === held.attempt && lease.runnerId === runner.id) farm.leases.renew(lease, nowMs);
  }
}

async function grantTasks(farm: Farm, runner: LiveRunner, request: TaskRequest): Promise<GrantedTask[]> {
  const known = new Set(request.holding.map((held) => `${held.id}.${held.attempt}`));
  const held = farm.leases.ofRunner(runner.id);
  const forgotten = held.filter((lease) => !known.has(`${lease.taskId}.${lease.attempt}`));
  const again = forgotten.flatMap((lease) => {
    const described = describe(farm, runner, getTask(farm.db, lease.taskId));
    if (described.length > 0) farm.leases.renew(lease, farm.clock.monotonicMs());
    return described;
  });
  const free = Math.max(0, request.slots - forgotten.length);
  if (free === 0 || runner.status !== "online" || runner.leaving || !hasWorkFor(farm, runner)) return again;
  try {
    const fresh = await farm.commit.write(() => leaseUpTo(farm, runner, free));
    return [...again, ...fresh];
  } catch (error) {
    rebuildMemory(farm);
    throw error;
  }
}

function leaseUpTo(farm: Farm, runner: LiveRunner, slots: number): GrantedTask[] {
  const granted: GrantedTask[] = [];
  while (granted.length < slots) {
    const task = takeTask(farm, runner);
    if (!task) break;
    granted.push(...begin(farm, runner, task));
  }
  return granted;
}

function begin(farm: Farm, runner: LiveRunner, task: Task): GrantedTask[] {
  const nowMs = farm.clock.nowMs();
  const { id: taskId, attempt, jobId } = task;
  insertAttempt(farm.db, { taskId, attempt, jobId, runnerId: runner.id, runnerName: runner.name, startedAtMs: nowMs });
  const job = getJob(farm.db, jobId);
  if (!job) throw new Error(`task ${taskId} belongs to no job`);
  tellOf(farm, { type: "task", jobId, taskId });
  if (whatIsMissing(farm, task) === null) {
    endAttempt(farm.db, { taskId, attempt, outcome: "completed", nowMs });
    completeTask(farm.db, taskId, nowMs);
    settleJob(farm, jobId);
    return [];
  }
  if (task.kind !== "encode") fixBlender(farm, job);
  // It waits no more, whatever it waited for.
  if (job.message !== null) setJobMessage(farm.db, jobId, null, null);
  if (job.status === "queued") setJobStatus(farm.db, jobId, "running", { startedAtMs: nowMs });
  farm.leases.grant({ taskId, attempt, jobId, userId: job.userId, runnerId: runner.id }, farm.clock.monotonicMs());
  refreshJob(farm, jobId);
  return describe(farm, runner, task);
}

function describe(farm: Farm, runner: LiveRunner, task: Task | null): GrantedTask[] {
  const job = task && getJob(farm.db, task.jobId);
  const work = task && job && workFor(farm, runner, job, task);
  return work ? [{ task, job, ...work }] : [];
}
