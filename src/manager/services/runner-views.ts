import type { TaskProgress } from "#domain/progress.ts";
import type { Runner } from "#domain/runner.ts";
import type { User } from "#domain/user.ts";
import { getJob } from "#manager/db/jobs.ts";
import { getTask } from "#manager/db/tasks.ts";
import type { Farm } from "./farm.ts";
import type { Lease } from "./lease-table.ts";
import type { LiveRunner } from "./runner-table.ts";

/** What a runner works on. */
export type RunnerWork = {
  jobId: number;
  jobName: string;
  taskId: number;
  frames: string;
  progress: TaskProgress | null;
};

/** A runner with what it does now. */
export type RunnerView = Runner & { work: RunnerWork[] };

/** The runners that a user may see, by name: the own ones, and an admin all. */
export function runnersFor(farm: Farm, user: User): RunnerView[] {
  const seen = farm.runners.all().filter((runner) => user.admin || runner.ownerId === user.id);
  return seen.map((runner) => view(farm, runner)).sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id);
}

/** How many runners there are of each kind, of those that may take a user's jobs; for an admin, of all. */
export function countRunners(farm: Farm, user: User): RunnerCounts {
  const counts: RunnerCounts = { busy: 0, idle: 0, draining: 0, offline: 0, disabled: 0 };
  for (const runner of farm.runners.all()) {
    if (!user.admin && runner.ownerId !== null && runner.ownerId !== user.id) continue;
    counts[kindOf(farm, runner)] += 1;
  }
  return counts;
}

export type RunnerCounts = { busy: number; idle: number; draining: number; offline: number; disabled: number };

function kindOf(farm: Farm, runner: LiveRunner): keyof RunnerCounts {
  if (runner.status === "online" && !runner.leaving)
    return farm.leases.ofRunner(runner.id).length > 0 ? "busy" : "idle";
  return runner.status === "online" ? "draining" : runner.status;
}

function view(farm: Farm, runner: LiveRunner): RunnerView {
  const { seenMs, leaving, keyId: _, ...stored } = runner;
  const lastSeenAtMs = Math.round(farm.clock.nowMs() - (farm.clock.monotonicMs() - seenMs));
  const status = leaving && stored.status === "online" ? "draining" : stored.status;
  return {
    ...stored,
    status,
    lastSeenAtMs,
    work: farm.leases.ofRunner(runner.id).flatMap((lease) => work(farm, lease)),
  };
}

function work(farm: Farm, lease: Lease): RunnerWork[] {
  const job = getJob(farm.db, lease.jobId);
  const task = getTask(farm.db, lease.taskId);
  if (!job || !task) return [];
  return [{ jobId: job.id, jobName: job.name, taskId: task.id, frames: task.frames, progress: lease.progress }];
}
