import { AppError } from "#domain/app-error.ts";
import { isJobEnded, type Job } from "#domain/job.ts";
import { isVideoFormat, VIDEO_FORMATS, type VideoFormat } from "#domain/video.ts";
import { forgetFailures, forgetTaskFailures } from "#manager/db/attempts.ts";
import { setJobStatus } from "#manager/db/jobs.ts";
import { retryTasks } from "#manager/db/tasks.ts";
import { deleteTask, listVideoTasks, retryTask, type VideoTask } from "#manager/db/videos.ts";
import type { Farm } from "./farm.ts";
import { mustGetJob } from "./jobs.ts";
import { settleJob } from "./settling.ts";
import { planVideo } from "./videos.ts";

/**
 * Has a video made of a job whose frames are all filed, without rendering anything again. A video that is there or under way is left as it
 * is; one that failed or was canceled gets fresh tries. Other videos that failed or were canceled are given up, for the job to end well.
 * Throws `unknown_format`, or `conflict` while frames are missing.
 */
export async function addVideo(farm: Farm, jobId: number, wanted: string): Promise<Job> {
  const format = videoFormat(wanted);
  await farm.commit.write(() => {
    const job = mustGetJob(farm, jobId);
    const tasks = listVideoTasks(farm.db, jobId);
    const known = tasks.find((task) => task.format === format);
    if (known && !hasEndedInVain(known)) return;
    if (job.framesTotal === 0 || job.framesDone < job.framesTotal)
      throw new AppError("conflict", `A video can be added once every frame is filed; this job is ${job.status}.`);
    if (isJobEnded(job.status)) reopen(farm, job, tasks, format);
    else if (known) tryAgain(farm, known);
    if (!known) planVideo(farm, job, format);
    settleJob(farm, jobId);
  });
  return mustGetJob(farm, jobId);
}

function videoFormat(text: string): VideoFormat {
  if (isVideoFormat(text)) return text;
  throw new AppError("unknown_format", `There is no video format "${text}"; there are ${VIDEO_FORMATS.join(", ")}.`);
}

function hasEndedInVain({ status }: VideoTask): boolean {
  return status === "failed" || status === "canceled";
}

/** Lets an ended job go on for a video of this format; other videos of it that failed or were canceled would keep it from ending well. */
function reopen(farm: Farm, job: Job, tasks: readonly VideoTask[], wanted: VideoFormat): void {
  if (job.status === "completed") return setJobStatus(farm.db, job.id, "running");
  for (const task of tasks)
    if (task.kind === "encode" && task.format !== wanted && hasEndedInVain(task)) deleteTask(farm.db, task.id);
  forgetFailures(farm.db, job.id);
  retryTasks(farm.db, job.id);
  setJobStatus(farm.db, job.id, "queued");
}

function tryAgain(farm: Farm, task: VideoTask): void {
  forgetTaskFailures(farm.db, task.id);
  retryTask(farm.db, task.id);
}
