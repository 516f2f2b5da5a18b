import type { Job } from "#domain/job.ts";
import { blenderOfJob } from "#manager/services/blender-choice.ts";
import type { Farm } from "#manager/services/farm.ts";
import { warningsOf } from "#manager/services/jobs.ts";
import { progressOf } from "#manager/services/video-views.ts";
import { jobView } from "./views.ts";

/** A job as the API shows it, with its warnings and the Blender that it is rendered with, as things are now. */
export function jobViewNow(farm: Farm, job: Job) {
  return jobView(job, {
    warnings: warningsOf(farm, job.id),
    blender: blenderOfJob(farm, job),
    progress: progressOf(farm, job),
  });
}
