import { AppError } from "#domain/app-error.ts";
import { formatFrames, parseFrames } from "#domain/frames.ts";
import type { Job } from "#domain/job.ts";
import type { User } from "#domain/user.ts";
import { getJobMetadata, updateJobWishes } from "#manager/db/jobs.ts";
import type { Farm } from "./farm.ts";
import { takeInLater } from "./intake.ts";
import { jobFormat, jobName, jobPriority, mustGetJob, type JobWishes } from "./jobs.ts";
import { refreshJob } from "./rebuild.ts";
import { judgeDraft } from "./starting.ts";

/** Changes a job: its name and priority at any time, everything else while it is a draft. Throws as `createJob`, and `already_started`. */
export async function changeJob(farm: Farm, user: User, job: Job, wishes: Partial<JobWishes>): Promise<Job> {
  const later = Object.keys(wishes).filter((name) => name !== "name" && name !== "priority");
  if (job.status !== "draft" && later.length > 0)
    throw new AppError("already_started", `The job has started; ${later.join(", ")} can be changed only before that.`);
  const changed = {
    ...job,
    ...wishes,
    name: jobName(wishes.name ?? job.name),
    frames:
      wishes.frames == null ? (wishes.frames === null ? null : job.frames) : formatFrames(parseFrames(wishes.frames)),
    format: jobFormat(wishes.format ?? job.format),
    priority: wishes.priority === undefined ? job.priority : jobPriority(user, wishes.priority),
  };
  await farm.commit.write(() => updateJobWishes(farm.db, changed));
  refreshJob(farm, job.id);
  if (job.status === "draft") await lookAgain(farm, job, changed.mainFile);
  return mustGetJob(farm, job.id);
}

/** What a draft says of its scene depends on what the user wishes; with another main file, everything does. */
async function lookAgain(farm: Farm, before: Job, mainFile: string | null): Promise<void> {
  if (mainFile !== before.mainFile && before.contextVersion > 0) return takeInLater(farm, before.id);
  const metadata = getJobMetadata(farm.db, before.id);
  if (metadata) await farm.commit.write(() => judgeDraft(farm, before.id, metadata));
}
