import type { Job } from "#domain/job.ts";
import type { TaskStatus } from "#domain/task.ts";
import { listTaskIds } from "#manager/db/frames.ts";
import type { Farm } from "./farm.ts";
import { taskOf, tasksOf, type TaskView } from "./task-views.ts";

/** A page of a job's tasks, those after the id `after`, either all or those in one state. */
export function tasksIn(
  farm: Farm,
  job: Job,
  status: TaskStatus | null,
  page: { after: number; limit: number },
): TaskView[] {
  if (status === null) return tasksOf(farm, job, page);
  return listTaskIds(farm.db, job.id, status, page.after, page.limit).map((id) => taskOf(farm, job, id));
}
