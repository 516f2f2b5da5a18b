import { AppError, type ErrorCode } from "#domain/app-error.ts";
import type { Job, JobStatus } from "#domain/job.ts";
import type { User } from "#domain/user.ts";
import { listJobsWhere } from "#manager/db/job-lists.ts";
import type { Farm } from "./farm.ts";
import { changeJob } from "./job-changes.ts";
import { cancelJob, pauseJob, purgeJob, resumeJob, retryJob } from "./job-control.ts";
import { jobFor } from "./jobs.ts";

/** What can be done to many jobs at once. */
export const JOB_ACTIONS = ["cancel", "pause", "resume", "retry", "prioritize", "delete"] as const;
export type JobAction = (typeof JOB_ACTIONS)[number];

export type ManyJobs = { action: JobAction; ids: readonly number[]; priority: number | null };
export type ManyResults = { done: number[]; refused: { id: number; code: ErrorCode; message: string }[] };

/** Does the same to each of many jobs; one that will not do keeps none of the others. Throws `bad_request` for a priority that is not given. */
export async function changeManyJobs(
  farm: Farm,
  user: User,
  { action, ids, priority }: ManyJobs,
): Promise<ManyResults> {
  if (action === "prioritize" && priority === null) throw new AppError("bad_request", "Say which priority.");
  const results: ManyResults = { done: [], refused: [] };
  const one = async (id: number): Promise<void> => {
    try {
      await act(farm, user, jobFor(farm, user, id), action, priority);
      results.done.push(id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      results.refused.push({ id, code: error.code, message: error.message });
    }
  };
  for (const id of new Set(ids)) await one(id);
  return results;
}

function act(farm: Farm, user: User, job: Job, action: JobAction, priority: number | null): Promise<unknown> {
  switch (action) {
    case "cancel":
      return cancelJob(farm, job.id);
    case "pause":
      return pauseJob(farm, job.id);
    case "resume":
      return resumeJob(farm, job.id);
    case "retry":
      return retryJob(farm, job.id);
    case "prioritize":
      return changeJob(farm, user, job, { priority: priority! });
    case "delete":
      return purgeJob(farm, job);
    default:
      return action satisfies never;
  }
}

/** Everybody's jobs, newest first, of one state or one user where that is asked for. */
export function jobsWhere(
  farm: Farm,
  filter: { status: JobStatus | null; userId: number | null; before: number; limit: number },
): Job[] {
  return listJobsWhere(farm.db, filter);
}
