import { Elysia, t } from "elysia";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { readTaskLog } from "#manager/services/task-logs.ts";
import { taskOf, tasksOf } from "#manager/services/task-views.ts";
import { guards } from "../guards.ts";
import { pageAnswer, taskAnswer, taskWithAttemptsAnswer } from "./answers.ts";
import { jobParams, pageQuery, taskParams } from "./schemas.ts";
import { isoTime, pageOf, taskView } from "./views.ts";

const whole = t.Numeric({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 });
const logQuery = t.Object({ after: t.Optional(whole), attempt: t.Optional(whole) });

/** The pieces of a job, how they went, and what Blender said. */
export function taskRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/jobs/:id/tasks" })
    .use(guards(farm))
    .get(
      "",
      ({ caller, params, query }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        const rows = tasksOf(farm, job, { after: query.cursor ?? 0, limit: query.limit + 1 });
        return pageOf(rows, query.limit, taskView, (task) => task.id);
      },
      { who: "user", params: jobParams, query: pageQuery, response: { 200: pageAnswer(taskAnswer) } },
    )
    .get(
      "/:taskId",
      ({ caller, params }) => {
        const task = taskOf(farm, jobFor(farm, userOf(caller), params.id), params.taskId);
        const attempts = task.attempts.map((one) => ({
          attempt: one.attempt,
          runner: one.runnerName,
          outcome: one.outcome,
          reason: one.reason,
          message: one.message,
          startedAt: isoTime(one.startedAtMs),
          endedAt: isoTime(one.endedAtMs),
        }));
        return { ...taskView(task), attempts };
      },
      { who: "user", params: taskParams, response: { 200: taskWithAttemptsAnswer } },
    )
    .get(
      "/:taskId/log",
      async ({ caller, params, query }) => {
        const task = taskOf(farm, jobFor(farm, userOf(caller), params.id), params.taskId);
        const piece = await readTaskLog(farm, task, query.attempt ?? task.attempt, query.after ?? 0);
        return new Response(piece.text, {
          headers: {
            "content-type": "text/plain; charset=utf-8",
            "x-log-next": String(piece.next),
            "x-log-attempt": String(piece.attempt),
            "cache-control": "no-store",
          },
        });
      },
      { who: "user", params: taskParams, query: logQuery },
    );
}
