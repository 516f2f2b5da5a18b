import { Elysia, t } from "elysia";
import { JOB_STATUSES, MAX_PRIORITY, type Job } from "#domain/job.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { changeSettings } from "#manager/services/changing-settings.ts";
import { changeRunner, removeRunner } from "#manager/services/managing-runners.ts";
import { changeManyJobs, JOB_ACTIONS, jobsWhere } from "#manager/services/many-jobs.ts";
import { runnersFor, type RunnerView } from "#manager/services/runner-views.ts";
import { listSettings } from "#manager/services/settings.ts";
import { farmStats } from "#manager/services/stats.ts";
import { oneOf } from "#protocol/one-of.ts";
import { guards } from "../guards.ts";
import { manyAnswer, runnerAnswer, settingsAnswer, statsAnswer } from "./admin-answers.ts";
import { jobAnswer, pageAnswer } from "./answers.ts";
import { id, jobParams, pageQuery } from "./schemas.ts";
import { jobViewNow } from "./job-view.ts";
import { isoTime, pageOf } from "./views.ts";

/** Jobs that can be changed in one call. */
const MAX_JOBS = 1000;

const runnerChange = t.Object({
  name: t.Optional(t.String({ minLength: 1, maxLength: 100 })),
  disabled: t.Optional(t.Boolean()),
  draining: t.Optional(t.Boolean()),
});
const jobsQuery = t.Object({ ...pageQuery.properties, status: t.Optional(oneOf(JOB_STATUSES)), user: t.Optional(id) });
const manyBody = t.Object({
  action: oneOf(JOB_ACTIONS),
  ids: t.Array(t.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), { minItems: 1, maxItems: MAX_JOBS }),
  priority: t.Optional(t.Integer({ minimum: 0, maximum: MAX_PRIORITY })),
});
const settingsBody = t.Record(t.String({ maxLength: 100 }), t.String({ maxLength: 10_000 }));

/** What admins see and change of the farm; users and keys have files of their own. */
export function adminRoutes(farm: Farm) {
  const job = (one: Job) => jobViewNow(farm, one);
  return new Elysia({ prefix: "/api/admin" })
    .use(guards(farm))
    .get("/runners", ({ caller }) => ({ items: runnersFor(farm, userOf(caller)).map(runnerView) }), {
      who: "admin",
      response: { 200: t.Object({ items: t.Array(runnerAnswer) }) },
    })
    .patch(
      "/runners/:id",
      async ({ caller, params, body }) => {
        const changed = await changeRunner(farm, params.id, body);
        return runnerView(runnersFor(farm, userOf(caller)).find((one) => one.id === changed.id)!);
      },
      { who: "admin", params: jobParams, body: runnerChange, response: { 200: runnerAnswer } },
    )
    .delete(
      "/runners/:id",
      async ({ params, set }) => {
        await removeRunner(farm, params.id);
        set.status = 204;
      },
      { who: "admin", params: jobParams, response: { 204: t.Void() } },
    )
    .get(
      "/jobs",
      ({ query }) => {
        const { status = null, user: userId = null, cursor: before = Number.MAX_SAFE_INTEGER, limit } = query;
        return pageOf(jobsWhere(farm, { status, userId, before, limit: limit + 1 }), limit, job, (one) => one.id);
      },
      { who: "admin", query: jobsQuery, response: { 200: pageAnswer(jobAnswer) } },
    )
    .post(
      "/jobs",
      async ({ caller, body }) => changeManyJobs(farm, userOf(caller), { ...body, priority: body.priority ?? null }),
      { who: "admin", body: manyBody, response: { 200: manyAnswer } },
    )
    .get(
      "/stats",
      async () => {
        const { hours, ...stats } = await farmStats(farm);
        return { ...stats, hours: hours.map(({ startMs, ...hour }) => ({ ...hour, start: isoTime(startMs) })) };
      },
      { who: "admin", response: { 200: statsAnswer } },
    )
    .get("/settings", () => ({ items: settingViews(farm) }), { who: "admin", response: { 200: settingsAnswer } })
    .patch(
      "/settings",
      async ({ body }) => {
        await changeSettings(farm, body);
        return { items: settingViews(farm) };
      },
      { who: "admin", body: settingsBody, response: { 200: settingsAnswer } },
    );
}

function settingViews(farm: Farm) {
  return listSettings(farm).map(({ name, value, description }) => ({ name, value, description }));
}

function runnerView(runner: RunnerView) {
  const { id: runnerId, name, ownerId, status, address, capabilities, framesDone, work } = runner;
  return {
    id: runnerId,
    name,
    owner: ownerId === null ? null : { id: ownerId },
    status,
    address,
    ...capabilities,
    framesDone,
    work,
    createdAt: isoTime(runner.createdAtMs),
    lastSeenAt: isoTime(runner.lastSeenAtMs),
  };
}
