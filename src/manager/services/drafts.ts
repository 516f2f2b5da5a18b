import type { Job } from "#domain/job.ts";
import type { User } from "#domain/user.ts";
import { getJobMetadata } from "#manager/db/jobs.ts";
import type { Farm } from "./farm.ts";
import { takeInLater } from "./intake.ts";
import { changeJob, mustGetJob, type JobWishes } from "./jobs.ts";
import { judgeDraft } from "./starting.ts";

/**
 * Changes what a draft is to render, and judges its scene anew by that; another main .blend is read first, in the background.
 * Throws as `changeJob`.
 */
export async function changeDraft(farm: Farm, user: User, job: Job, wishes: Partial<JobWishes>): Promise<Job> {
  const changed = await changeJob(farm, user, job, wishes);
  if (changed.mainFile !== job.mainFile && changed.fileName !== null) {
    takeInLater(farm, job.id);
    return changed;
  }
  const metadata = getJobMetadata(farm.db, job.id);
  if (metadata) await farm.commit.write(() => judgeDraft(farm, job.id, metadata));
  return mustGetJob(farm, job.id);
}
