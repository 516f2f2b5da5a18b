import { Elysia } from "elysia";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { downloadTaskLog, readTaskLog } from "#manager/services/task-logs.ts";
import { taskOf } from "#manager/services/task-views.ts";
import { LogTail } from "#web/fragments/log.tsx";
import { TaskContent, TaskPage, type LogShown } from "#web/pages/task.tsx";
import { taskName } from "#web/words/task.ts";
import { taskParams } from "../api/schemas.ts";
import { answerLive } from "./live.tsx";
import { chromeFor, isHtmx, pageBase } from "./page-base.ts";
import { logQuery } from "./queries.ts";

const POLL_SECONDS = 2;

type TaskFound = ReturnType<typeof taskOf>;
type Wanted = { attempt?: number; after?: number };

/** One task: its attempts and their logs. */
export function taskPages(farm: Farm) {
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/jobs/:id/tasks/:taskId",
      async ({ caller, params, query, request, set, html }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        const task = taskOf(farm, job, params.taskId);
        const log = isHtmx(request) ? logFromStart(task, query) : await readLog(farm, task, query);
        const shown = { job, task, attempts: task.attempts, log };
        return answerLive(
          { request, set, html },
          {
            title: taskName(task),
            url: urlOf(task, query.attempt === undefined ? "" : `?attempt=${query.attempt}`),
            stamp: String(<TaskContent {...shown} log={null} />),
            everySeconds: isOver(task) ? null : POLL_SECONDS,
            content: <TaskContent {...shown} />,
            page: (live) => <TaskPage chrome={chromeFor(caller, "jobs")} shown={shown} live={live} />,
          },
        );
      },
      { who: "user", params: taskParams, query: logQuery },
    )
    .get(
      "/jobs/:id/tasks/:taskId/log",
      async ({ caller, params, query, set, html }) => {
        const task = taskOf(farm, jobFor(farm, userOf(caller), params.id), params.taskId);
        const log = await readLog(farm, task, query);
        if (log && (log.piece.text !== "" || log.piece.nextUrl === null))
          return html(String(<LogTail piece={log.piece} />));
        set.status = 204;
        return undefined;
      },
      { who: "user", params: taskParams, query: logQuery },
    )
    .get(
      "/jobs/:id/tasks/:taskId/log.txt",
      async ({ caller, params, query, request }) => {
        const task = taskOf(farm, jobFor(farm, userOf(caller), params.id), params.taskId);
        return downloadTaskLog(farm, task, query.attempt ?? task.attempt, request);
      },
      { who: "user", params: taskParams, query: logQuery },
    );
}

/** For a page that has none yet, which reads all of it by itself; one that has the log leaves it as it is. */
function logFromStart(task: TaskFound, wanted: Wanted): LogShown | null {
  const attempt = wanted.attempt ?? task.attempt;
  if (!task.attempts.some((one) => one.attempt === attempt)) return null;
  const piece = { text: "", nextUrl: urlOf(task, `/log?attempt=${attempt}&after=0`) };
  return { attempt, piece, laterUrl: null, textUrl: textUrlOf(task, attempt) };
}

async function readLog(farm: Farm, task: TaskFound, wanted: Wanted): Promise<LogShown | null> {
  const number = wanted.attempt ?? task.attempt;
  const attempt = task.attempts.find((one) => one.attempt === number);
  if (!attempt) return null;
  const after = wanted.after ?? 0;
  const { text, next } = await readTaskLog(farm, task, number, after);
  const over = attempt.outcome !== "running" && next === after;
  const query = `?attempt=${number}&after=${next}`;
  const piece = { text, nextUrl: over ? null : urlOf(task, `/log${query}`) };
  const laterUrl = next === after ? null : urlOf(task, query);
  return { attempt: number, piece, laterUrl, textUrl: textUrlOf(task, number) };
}

function textUrlOf(task: TaskFound, attempt: number): string {
  return urlOf(task, `/log.txt?attempt=${attempt}`);
}

function urlOf(task: TaskFound, rest: string): string {
  return `/jobs/${task.jobId}/tasks/${task.id}${rest}`;
}

function isOver(task: TaskFound): boolean {
  return task.status === "completed" || task.status === "failed" || task.status === "canceled";
}
