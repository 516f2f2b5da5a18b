import { Elysia } from "elysia";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { readTaskLog } from "#manager/services/task-logs.ts";
import { taskOf } from "#manager/services/task-views.ts";
import { LogTail } from "#web/fragments/log.tsx";
import { TaskContent, TaskPage, taskName, type LogShown } from "#web/pages/task.tsx";
import { taskParams } from "../api/schemas.ts";
import { answerLive } from "./live.tsx";
import { chromeFor, pageBase } from "./page-base.ts";
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
        const shown = { job, task, attempts: task.attempts };
        const log = await readLog(farm, task, query);
        return answerLive(
          { request, set, html },
          {
            title: taskName(task),
            url: urlOf(task, ""),
            everySeconds: isOver(task) ? null : POLL_SECONDS,
            content: <TaskContent {...shown} />,
            page: (live) => <TaskPage chrome={chromeFor(caller, "jobs")} shown={shown} live={live} log={log} />,
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
    );
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
  return { attempt: number, piece, laterUrl: next === after ? null : urlOf(task, query) };
}

function urlOf(task: TaskFound, rest: string): string {
  return `/jobs/${task.jobId}/tasks/${task.id}${rest}`;
}

function isOver(task: TaskFound): boolean {
  return task.status === "completed" || task.status === "failed" || task.status === "canceled";
}
