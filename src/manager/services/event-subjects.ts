import type { Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import { getFile } from "#manager/db/files.ts";
import { getJob } from "#manager/db/jobs.ts";
import { getTask } from "#manager/db/tasks.ts";
import type { FarmEvent } from "./events.ts";
import type { Farm } from "./farm.ts";
import { taskView, type TaskView } from "./task-views.ts";

/** What an event is about, as it is now; null where it is gone. */
export type EventSubject =
  | { type: "job"; job: Job | null }
  | { type: "task"; task: TaskView | null }
  | { type: "output"; output: StoredFile | null };

/** Reads what an event is about. */
export function eventSubject(farm: Farm, event: Exclude<FarmEvent, { type: "log" }>): EventSubject {
  if (event.type === "job") return { type: "job", job: getJob(farm.db, event.jobId) };
  if (event.type === "output") return { type: "output", output: getFile(farm.db, event.jobId, event.fileId) };
  const task = getTask(farm.db, event.taskId);
  return { type: "task", task: task && taskView(farm, task) };
}
