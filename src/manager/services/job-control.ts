import { AppError } from "#domain/app-error.ts";
import { isJobEnded, type Job } from "#domain/job.ts";
import { forgetFailures } from "#manager/db/attempts.ts";
import { listUploadIds } from "#manager/db/files.ts";
import { deleteJob, setJobStatus } from "#manager/db/jobs.ts";
import { retryTasks } from "#manager/db/tasks.ts";
import type { Farm } from "./farm.ts";
import { mustGetJob } from "./jobs.ts";
import { refreshJob } from "./rebuild.ts";
import { removeJobFiles } from "./removing-files.ts";
import { endTasks, settleJob } from "./settling.ts";

/** Holds a job: nothing new of it is leased; what runs is finished and filed. Asking twice changes nothing. */
export function pauseJob(farm: Farm, jobId: number): Promise<Job> {
  return change(farm, jobId, (job) => {
    if (job.status === "paused") return;
    if (job.status !== "queued" && job.status !== "running") throw cannot("paused", job);
    setJobStatus(farm.db, jobId, "paused");
  });
}

/** Lets a held job go on. Asking twice changes nothing. */
export function resumeJob(farm: Farm, jobId: number): Promise<Job> {
  return change(farm, jobId, (job) => {
    if (job.status === "queued" || job.status === "running") return;
    if (job.status !== "paused") throw cannot("resumed", job);
    setJobStatus(farm.db, jobId, job.startedAtMs === null ? "queued" : "running");
  });
}

/** Ends a job; its tasks end at once and frames already filed stay. Asking twice changes nothing. */
export function cancelJob(farm: Farm, jobId: number): Promise<Job> {
  return change(farm, jobId, (job) => {
    if (job.status === "canceled") return;
    if (isJobEnded(job.status)) throw cannot("canceled", job);
    endTasks(farm, jobId);
    setJobStatus(farm.db, jobId, "canceled", { endedAtMs: farm.clock.nowMs() });
  });
}

/** Queues the failed and canceled tasks of an ended job again, with fresh tries, for their missing frames only. */
export function retryJob(farm: Farm, jobId: number): Promise<Job> {
  return change(farm, jobId, (job) => {
    if (job.status !== "failed" && job.status !== "canceled") throw cannot("retried", job);
    if (job.tasksTotal === 0)
      throw new AppError(
        "conflict",
        "The job has never started, so there is nothing to retry; upload the scene again.",
      );
    forgetFailures(farm.db, jobId);
    retryTasks(farm.db, jobId);
    setJobStatus(farm.db, jobId, "queued");
    settleJob(farm, jobId);
  });
}

/** Removes an ended job with everything that is kept for it; throws `conflict` for one that is active. */
export async function purgeJob(farm: Farm, job: Job): Promise<void> {
  const uploads = await farm.commit.write(() => {
    if (!isJobEnded(mustGetJob(farm, job.id).status))
      throw new AppError("conflict", "Only a job that has ended can be deleted; cancel it first.");
    const ids = listUploadIds(farm.db, job.id);
    deleteJob(farm.db, job.id);
    return ids;
  });
  refreshJob(farm, job.id);
  farm.events.publish({ type: "job", jobId: job.id }, job.userId);
  await removeJobFiles(farm, job.id, uploads);
}

async function change(farm: Farm, jobId: number, work: (job: Job) => void): Promise<Job> {
  await farm.commit.write(() => work(mustGetJob(farm, jobId)));
  refreshJob(farm, jobId);
  return mustGetJob(farm, jobId);
}

function cannot(done: string, job: Job): AppError {
  return new AppError("conflict", `A job that is ${job.status} cannot be ${done}.`);
}
