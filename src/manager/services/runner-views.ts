import { AppError } from "#domain/app-error.ts";
import type { TaskProgress } from "#domain/progress.ts";
import type { Runner } from "#domain/runner.ts";
import type { User } from "#domain/user.ts";
import { listAttemptsOfRunner, type AttemptOfRunner } from "#manager/db/attempts.ts";
import { HOUR_MS, listRunnerHours } from "#manager/db/figures.ts";
import { getJob } from "#manager/db/jobs.ts";
import { listRunnerFrames } from "#manager/db/runners.ts";
import { getUser } from "#manager/db/users.ts";
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

/**
 * A runner with what it does now, whose it is (null: the farm's), and the mean time of a frame of the last day (null where it has rendered
 * none in it).
 */
export type RunnerView = Runner & { work: RunnerWork[]; ownerName: string | null; meanFrameSeconds: number | null };

/** How far back the mean time of a frame looks. */
const MEAN_HOURS = 24;

/** The runners that a user may see, by name: the own ones, and an admin all. */
export function runnersFor(farm: Farm, user: User): RunnerView[] {
  const seen = farm.runners.all().filter((runner) => maySee(user, runner));
  const figures = figuresOf(farm);
  return seen.map((runner) => view(farm, runner, figures)).sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id);
}

/** One runner that a user may see and change; throws `not_found`, also for those of others. */
export function runnerFor(farm: Farm, user: User, id: number): RunnerView {
  const runner = farm.runners.get(id);
  if (!runner || !maySee(user, runner)) throw new AppError("not_found", `There is no runner ${id}.`);
  return view(farm, runner, figuresOf(farm));
}

/** The last attempts of a runner, the newest first; of jobs of others only for an admin. */
export function attemptsOfRunner(farm: Farm, user: User, id: number, limit: number): AttemptOfRunner[] {
  return listAttemptsOfRunner(farm.db, id, user.admin ? null : user.id, limit);
}

function maySee(user: User, runner: Pick<Runner, "ownerId">): boolean {
  return user.admin || runner.ownerId === user.id;
}

/** What the database counts of runners, by their ids. */
type Figures = { frames: Map<number, number>; means: Map<number, number> };

function figuresOf(farm: Farm): Figures {
  return { frames: listRunnerFrames(farm.db), means: meanFrameSeconds(farm) };
}

/** By runner: the time it had leases, by the frames it filed in it. */
function meanFrameSeconds(farm: Farm): Map<number, number> {
  const hour = Math.floor(farm.clock.nowMs() / HOUR_MS) - MEAN_HOURS;
  const means = listRunnerHours(farm.db, hour).map(({ runnerId, busyMs, frames }): [number, number] => [
    runnerId,
    busyMs / 1000 / frames,
  ]);
  return new Map(means);
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

function view(farm: Farm, runner: LiveRunner, { frames, means }: Figures): RunnerView {
  const { seenMs, leaving, gone: _gone, keyId: _keyId, ...stored } = runner;
  const lastSeenAtMs = Math.round(farm.clock.nowMs() - (farm.clock.monotonicMs() - seenMs));
  const status = leaving && stored.status === "online" ? "draining" : stored.status;
  return {
    ...stored,
    status,
    lastSeenAtMs,
    ownerName: stored.ownerId === null ? null : (getUser(farm.db, stored.ownerId)?.name ?? null),
    framesDone: frames.get(runner.id) ?? 0,
    meanFrameSeconds: means.get(runner.id) ?? null,
    work: farm.leases.ofRunner(runner.id).flatMap((lease) => work(farm, lease)),
  };
}

function work(farm: Farm, lease: Lease): RunnerWork[] {
  const job = getJob(farm.db, lease.jobId);
  const task = getTask(farm.db, lease.taskId);
  if (!job || !task) return [];
  return [{ jobId: job.id, jobName: job.name, taskId: task.id, frames: task.frames, progress: lease.progress }];
}
