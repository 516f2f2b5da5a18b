import { FRAME_STATES, type FrameMap, type FrameState } from "#domain/frame-state.ts";
import type { Job } from "#domain/job.ts";
import type { Farm } from "#manager/services/farm.ts";
import { tasksIn } from "#manager/services/task-filter.ts";
import type { TaskView } from "#manager/services/task-views.ts";
import type { Tab } from "#web/components/tabs.tsx";
import { taskName } from "#web/words/task.ts";
import type { FramePage } from "#web/fragments/frame-grid.tsx";
import type { TaskPage } from "#web/fragments/task-table.tsx";
import type { jobQuery } from "./queries.ts";

const TASKS_PER_PAGE = 25;

/** As many as fill a large screen; of those on a small one only what is looked at fetches its picture. */
const FRAMES_PER_PAGE = 240;

/** What of a job is shown: which page of its frames, its tasks in which state and after which id, and whose log. */
export type JobPart = (typeof jobQuery)["static"];

/** The address of a part of a job. */
export function jobUrl(job: Job, part: JobPart): string {
  const query = Object.entries(part).filter(([, value]) => value !== undefined);
  const text = query.map(([name, value]) => `${name}=${value}`).join("&");
  return text === "" ? `/jobs/${job.id}` : `/jobs/${job.id}?${text}`;
}

/** The page of a job's frames that is asked for, or that the frame asked for is on; the last for one past the end. */
export function framePage(map: FrameMap, { frames, at }: JobPart): FramePage {
  const pages = Math.ceil(map.frames.length / FRAMES_PER_PAGE);
  const place = at === undefined ? -1 : map.frames.findIndex((frame) => frame >= at);
  const wanted = at === undefined ? (frames ?? 1) : place < 0 ? pages : Math.floor(place / FRAMES_PER_PAGE) + 1;
  const page = Math.min(Math.max(1, wanted), pages);
  const first = (page - 1) * FRAMES_PER_PAGE;
  const shown = map.frames.slice(first, first + FRAMES_PER_PAGE);
  return {
    cells: shown.map((frame, i) => ({ frame, state: map.states[first + i]! })),
    page,
    pages,
    at: at ?? null,
    counts: countsOf(map),
  };
}

function countsOf({ states }: FrameMap): Map<FrameState, number> {
  const counts = new Map<FrameState, number>(FRAME_STATES.map((state) => [state, 0]));
  for (const state of states) counts.set(state, counts.get(state)! + 1);
  return counts;
}

/** A page of a job's tasks, with links to the others; null before the job is planned. */
export function taskPage(farm: Farm, job: Job, part: JobPart): TaskPage | null {
  if (job.tasksTotal === 0) return null;
  const show = shownTasks(job, part);
  const rows = tasksIn(farm, job, show === "all" ? null : show, { after: part.tasks ?? 0, limit: TASKS_PER_PAGE + 1 });
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

/** More tasks at work than these are not offered one by one. */
const SHOWN_LOGS = 8;

/** Whose log can be followed: that of what began last, or of one of the tasks at work. Nothing where there is no choice. */
export function logChoices(job: Job, part: JobPart, atWork: readonly TaskView[]): Tab[] {
  if (atWork.length < 2 && part.log === undefined) return [];
  const { log: chosen, ...newest } = part;
  const tasks = atWork.slice(0, SHOWN_LOGS).map((task) => ({ text: taskName(task), part: { ...part, log: task.id } }));
  return [{ text: "Newest", part: newest as JobPart }, ...tasks].map(({ text, part: to }) => ({
    text,
    url: `${jobUrl(job, to)}#job-log`,
    current: to.log === chosen,
  }));
}

/** What has failed is shown first, unless something else is asked for. */
function shownTasks(job: Job, { show }: JobPart) {
  return show ?? (job.tasksFailed > 0 ? "failed" : "all");
}

/** Those states that some task is in, and the one that is shown. */
function tabsOf(job: Job, part: JobPart): Tab[] {
  const shown = shownTasks(job, part);
  const { at: _at, tasks: _tasks, ...kept } = part;
  const { tasksTotal, tasksLeased, tasksQueued, tasksFailed, tasksDone, tasksBlocked } = job;
  const canceled = tasksTotal - tasksLeased - tasksQueued - tasksFailed - tasksDone - tasksBlocked;
  const kinds = [
    ["All", "all", tasksTotal],
    ["Running", "leased", tasksLeased],
    ["Waiting", "queued", tasksQueued],
    ["Blocked", "blocked", tasksBlocked],
    ["Failed", "failed", tasksFailed],
    ["Completed", "completed", tasksDone],
    ["Canceled", "canceled", canceled],
  ] as const;
  return kinds
    .filter(([, state, count]) => count > 0 || state === shown)
    .map(([text, state, count]) => ({
      text,
      count,
      url: jobUrl(job, { ...kept, show: state }),
      current: state === shown,
    }));
}
