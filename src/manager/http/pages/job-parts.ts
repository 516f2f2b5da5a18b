import type { Job } from "#domain/job.ts";
import type { Farm } from "#manager/services/farm.ts";
import { tasksIn } from "#manager/services/task-filter.ts";
import type { TaskPage, TaskTab } from "#web/fragments/task-table.tsx";
import type { jobQuery } from "./queries.ts";

const TASKS_PER_PAGE = 50;

/** What of a job is shown: which page of its frames, and its tasks in which state and after which id. */
export type JobPart = (typeof jobQuery)["static"];

/** The address of a part of a job. */
export function jobUrl(job: Job, part: JobPart): string {
  const query = Object.entries(part).filter(([, value]) => value !== undefined);
  const text = query.map(([name, value]) => `${name}=${value}`).join("&");
  return text === "" ? `/jobs/${job.id}` : `/jobs/${job.id}?${text}`;
}

/** A page of a job's tasks, with links to the others; null before the job is planned. */
export function taskPage(farm: Farm, job: Job, part: JobPart): TaskPage | null {
  if (job.tasksTotal === 0) return null;
  const rows = tasksIn(farm, job, part.show ?? null, { after: part.tasks ?? 0, limit: TASKS_PER_PAGE + 1 });
  const tasks = rows.slice(0, TASKS_PER_PAGE);
  const last = tasks.at(-1);
  const { tasks: after, ...first } = part;
  return {
    tabs: tabsOf(job, part),
    tasks,
    firstUrl: after ? jobUrl(job, first) : null,
    nextUrl: rows.length > tasks.length && last ? jobUrl(job, { ...part, tasks: last.id }) : null,
  };
}

/** Those states that some task is in, and the one that is shown. */
function tabsOf(job: Job, { frames, show }: JobPart): TaskTab[] {
  const { tasksTotal, tasksLeased, tasksQueued, tasksFailed, tasksDone, tasksBlocked } = job;
  const canceled = tasksTotal - tasksLeased - tasksQueued - tasksFailed - tasksDone - tasksBlocked;
  const kinds = [
    ["All", undefined, tasksTotal],
    ["Running", "leased", tasksLeased],
    ["Waiting", "queued", tasksQueued],
    ["Blocked", "blocked", tasksBlocked],
    ["Failed", "failed", tasksFailed],
    ["Completed", "completed", tasksDone],
    ["Canceled", "canceled", canceled],
  ] as const;
  return kinds
    .filter(([, state, count]) => count > 0 || state === show)
    .map(([text, state, count]) => ({
      text,
      count,
      url: jobUrl(job, { ...(frames && { frames }), ...(state && { show: state }) }),
      current: state === show,
    }));
}
