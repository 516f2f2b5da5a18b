import { isJobEnded, type Job } from "#domain/job.ts";
import type { User } from "#domain/user.ts";
import type { Farm } from "./farm.ts";
import { cancelJob, purgeJob } from "./job-control.ts";
import { createJob, mustGetJob, type JobWishes } from "./jobs.ts";
import { useUploads, wholeUploads } from "./resumable-uploads.ts";
import { receiveUpload, type SentUpload } from "./uploads.ts";

/**
 * Makes a job and takes in its scene, both or neither: a job whose scene is refused is not kept. Throws as `createJob` and
 * `receiveUpload`.
 */
export async function submitJob(farm: Farm, user: User, wishes: JobWishes, scene: SentUpload): Promise<Job> {
  return submit(farm, user, wishes, (job) => receiveUpload(farm, job, scene));
}

/** The same with resumable uploads that are whole. Throws as `createJob` and `useUploads`. */
export async function submitUploads(
  farm: Farm,
  user: User,
  wishes: JobWishes,
  uploads: readonly number[],
): Promise<Job> {
  await wholeUploads(farm, user, uploads);
  return submit(farm, user, wishes, (job) => useUploads(farm, user, job, uploads));
}

async function submit(farm: Farm, user: User, wishes: JobWishes, add: (job: Job) => Promise<unknown>): Promise<Job> {
  const job = await createJob(farm, user, wishes);
  try {
    await add(job);
  } catch (error) {
    await forget(farm, job.id);
    throw error;
  }
  return mustGetJob(farm, job.id);
}

async function forget(farm: Farm, jobId: number): Promise<void> {
  if (!isJobEnded(mustGetJob(farm, jobId).status)) await cancelJob(farm, jobId);
  await purgeJob(farm, mustGetJob(farm, jobId));
}
