import { AppError } from "#domain/app-error.ts";
import { getAttempt } from "#manager/db/attempts.ts";
import { getTask } from "#manager/db/tasks.ts";
import { listPictures, type Picture } from "#manager/db/videos.ts";
import type { Farm } from "./farm.ts";
import type { LiveRunner } from "./runner-table.ts";

/**
 * A page of the frames of which a runner is to make a video, those after the frame `after`. Of a frame that is several files it is the
 * picture itself, or the first of its views. Throws `not_found` for a task that the runner was never given.
 */
export function picturesFor(
  farm: Farm,
  runner: LiveRunner,
  page: { taskId: number; attempt: number; after: number; limit: number },
): Picture[] {
  const task = getTask(farm.db, page.taskId);
  if (!task || getAttempt(farm.db, page.taskId, page.attempt)?.runnerId !== runner.id)
    throw new AppError("not_found", `This runner never had attempt ${page.attempt} of task ${page.taskId}.`);
  return listPictures(farm.db, task.jobId, page.after, page.limit);
}
