import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import type { TaskProgress } from "#domain/progress.ts";
import type { Task } from "#domain/task.ts";
import { listAttempts, type Attempt } from "#manager/db/attempts.ts";
import { getTask, listTasks } from "#manager/db/tasks.ts";
import type { Farm } from "./farm.ts";

export type TaskView = Task & { runnerName: string | null; progress: TaskProgress | null };

/** A page of a job's tasks, those after the id `after`, with who works on them and how far. */
export function tasksOf(farm: Farm, job: Job, page: { after: number; limit: number }): TaskView[] {
  return listTasks(farm.db, job.id, page.after, page.limit).map((task) => taskView(farm, task));
}

/** One task of a job with all its attempts; throws `not_found`. */
export function taskOf(farm: Farm, job: Job, taskId: number): TaskView & { attempts: Attempt[] } {
  const task = getTask(farm.db, taskId);
  if (!task || task.jobId !== job.id) throw new AppError("not_found", `Job ${job.id} has no task ${taskId}.`);
  return { ...taskView(farm, task), attempts: listAttempts(farm.db, taskId) };
}

/** A task with who works on it and how far. */
export function taskView(farm: Farm, task: Task): TaskView {
  const runner = task.runnerId === null ? null : farm.runners.get(task.runnerId);
  return { ...task, runnerName: runner?.name ?? null, progress: farm.leases.get(task.id)?.progress ?? null };
}
