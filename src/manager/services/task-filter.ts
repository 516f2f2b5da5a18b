import type { Job } from "#domain/job.ts";
import type { TaskStatus } from "#domain/task.ts";
import { getAttempt } from "#manager/db/attempts.ts";
import { listTaskIds } from "#manager/db/frames.ts";
import { getTask } from "#manager/db/tasks.ts";
import type { Farm } from "./farm.ts";
import { tasksOf, taskView, type TaskView } from "./task-views.ts";

/** A page of a job's tasks, those after the id `after`, either all or those in one state. */
export function tasksIn(
  farm: Farm,
  job: Job,
  status: TaskStatus | null,
  page: { after: number; limit: number },
): TaskView[] {
  const tasks =
    status === null
      ? tasksOf(farm, job, page)
      : listTaskIds(farm.db, job.id, status, page.after, page.limit).flatMap((id) => viewOf(farm, id));
  return tasks.map((task) => withLastAttempt(farm, task));
}

/** The tasks of a job that are being worked on, in their order. */
export function tasksAtWork(farm: Farm, job: Job): TaskView[] {
  const ids = farm.leases.ofJob(job.id).map(({ taskId }) => taskId);
  return ids
    .sort((a, b) => a - b)
    .flatMap((id) => viewOf(farm, id))
    .map((task) => withLastAttempt(farm, task));
}

function viewOf(farm: Farm, id: number): TaskView[] {
  const task = getTask(farm.db, id);
  return task ? [taskView(farm, task)] : [];
}

/** When its latest attempt began, and by whom: also of a runner that is gone by now. Between attempts a task takes no time. */
function withLastAttempt(farm: Farm, task: TaskView): TaskView {
  const last = task.attempt > 0 ? getAttempt(farm.db, task.id, task.attempt) : null;
  if (!last) return task;
  const { startedAtMs, endedAtMs, runnerName } = last;
  return { ...task, startedAtMs, endedAtMs, runnerName: task.runnerName ?? runnerName };
}
