import { getJob, listActiveJobs } from "#manager/db/jobs.ts";
import { listRunners } from "#manager/db/runners.ts";
import { listLeasedTasks } from "#manager/db/tasks.ts";
import { listVideoTasks } from "#manager/db/videos.ts";
import { tellOf } from "./events.ts";
import type { Farm } from "./farm.ts";

/** Brings what memory knows of a job up to date with the database, wakes runners that wait for work, and tells who watches. */
export function refreshJob(farm: Farm, jobId: number): void {
  const job = getJob(farm.db, jobId);
  farm.ready.update(jobId, job, job ? listVideoTasks(farm.db, jobId) : []);
  if (job && job.tasksQueued > 0) farm.work.raise();
  tellOf(farm, { type: "job", jobId });
}

/**
 * Fills leases, runners and ready jobs from the database: at the start, and when a commit has failed. Every lease gets its full time
 * from now, so that a restart of the manager costs nobody a frame.
 */
export function rebuildMemory(farm: Farm): void {
  const nowMs = farm.clock.monotonicMs();
  farm.ready.clear();
  for (const job of listActiveJobs(farm.db)) farm.ready.update(job.id, job, listVideoTasks(farm.db, job.id));
  for (const runner of listRunners(farm.db)) if (!farm.runners.get(runner.id)) farm.runners.put(runner, nowMs);
  const leased = listLeasedTasks(farm.db);
  const ids = new Set(leased.map((task) => task.id));
  for (const runner of farm.runners.all())
    for (const lease of farm.leases.ofRunner(runner.id)) if (!ids.has(lease.taskId)) farm.leases.drop(lease.taskId);
  for (const task of leased) {
    if (task.runnerId === null || farm.leases.get(task.id)?.attempt === task.attempt) continue;
    const userId = getJob(farm.db, task.jobId)?.userId ?? null;
    farm.leases.grant(
      { taskId: task.id, attempt: task.attempt, jobId: task.jobId, userId, runnerId: task.runnerId },
      nowMs,
    );
  }
}
