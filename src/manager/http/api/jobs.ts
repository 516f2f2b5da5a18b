import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import type { Job } from "#domain/job.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { cancelJob, pauseJob, purgeJob, resumeJob, retryJob } from "#manager/services/job-control.ts";
import { changeJob } from "#manager/services/job-changes.ts";
import { addVideo } from "#manager/services/adding-videos.ts";
import { createJob, jobFor, jobsFor } from "#manager/services/jobs.ts";
import { videosOf } from "#manager/services/video-views.ts";
import { metadataOf } from "#manager/services/metadata.ts";
import { startJob } from "#manager/services/starting.ts";
import { submitUploads } from "#manager/services/submitting.ts";
import { oneOf } from "#protocol/one-of.ts";
import { guards } from "../guards.ts";
import { jobAnswer, metadataAnswer, pageAnswer, videoAnswer } from "./answers.ts";
import { addVideoBody, changeJobBody, createJobBody, jobParams, pageQuery } from "./schemas.ts";
import { jobViewNow } from "./job-view.ts";
import { pageOf, videoView } from "./views.ts";

/** Jobs: what a user asks of the farm. */
export function jobRoutes(farm: Farm) {
  const view = (job: Job) => jobViewNow(farm, job);
  return new Elysia({ prefix: "/api/jobs" })
    .use(guards(farm))
    .post(
      "",
      async ({ caller, body, request, server, set }) => {
        set.status = 201;
        if (body.uploads) server?.timeout(request, 0);
        const { uploads, ...wishes } = body;
        const user = userOf(caller);
        return view(await (uploads ? submitUploads(farm, user, wishes, uploads) : createJob(farm, user, wishes)));
      },
      { who: "user", body: createJobBody, response: { 201: jobAnswer } },
    )
    .get(
      "",
      ({ caller, query }) => {
        const before = query.cursor ?? Number.MAX_SAFE_INTEGER;
        const rows = jobsFor(farm, userOf(caller), { everyones: true, before, limit: query.limit + 1 });
        return pageOf(rows, query.limit, view, (job) => job.id);
      },
      { who: "user", query: pageQuery, response: { 200: pageAnswer(jobAnswer) } },
    )
    .get("/:id", ({ caller, params }) => view(jobFor(farm, userOf(caller), params.id)), {
      who: "user",
      params: jobParams,
      response: { 200: jobAnswer },
    })
    .patch(
      "/:id",
      async ({ caller, params, body }) =>
        view(await changeJob(farm, userOf(caller), jobFor(farm, userOf(caller), params.id), body)),
      {
        who: "user",
        params: jobParams,
        body: changeJobBody,
        response: { 200: jobAnswer },
      },
    )
    .delete(
      "/:id",
      async ({ caller, params, query, set }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        if (query.purge !== "true") return view(await cancelJob(farm, job.id));
        await purgeJob(farm, job);
        set.status = 204;
        return undefined;
      },
      {
        who: "user",
        params: jobParams,
        query: t.Object({ purge: t.Optional(oneOf(["true", "false"])) }),
        response: { 200: jobAnswer, 204: t.Void() },
      },
    )
    .post(
      "/:id/start",
      async ({ caller, params }) => view(await startJob(farm, jobFor(farm, userOf(caller), params.id))),
      {
        who: "user",
        params: jobParams,
        response: { 200: jobAnswer },
      },
    )
    .post(
      "/:id/pause",
      async ({ caller, params }) => view(await pauseJob(farm, jobFor(farm, userOf(caller), params.id).id)),
      {
        who: "user",
        params: jobParams,
        response: { 200: jobAnswer },
      },
    )
    .post(
      "/:id/resume",
      async ({ caller, params }) => view(await resumeJob(farm, jobFor(farm, userOf(caller), params.id).id)),
      {
        who: "user",
        params: jobParams,
        response: { 200: jobAnswer },
      },
    )
    .post(
      "/:id/retry",
      async ({ caller, params }) => view(await retryJob(farm, jobFor(farm, userOf(caller), params.id).id)),
      {
        who: "user",
        params: jobParams,
        response: { 200: jobAnswer },
      },
    )
    .get(
      "/:id/videos",
      ({ caller, params }) => ({ items: videosOf(farm, jobFor(farm, userOf(caller), params.id)).map(videoView) }),
      { who: "user", params: jobParams, response: { 200: t.Object({ items: t.Array(videoAnswer) }) } },
    )
    .post(
      "/:id/videos",
      async ({ caller, params, body }) =>
        view(await addVideo(farm, jobFor(farm, userOf(caller), params.id).id, body.format)),
      {
        who: "user",
        params: jobParams,
        body: addVideoBody,
        response: { 200: jobAnswer },
      },
    )
    .get(
      "/:id/metadata",
      ({ caller, params, set }) => {
        const reading = metadataOf(farm, jobFor(farm, userOf(caller), params.id));
        if (reading.state === "none") throw new AppError("not_ready", "Nothing has been uploaded yet.");
        if (reading.state === "read") return Response.json(reading.metadata);
        set.status = 202;
        return { state: "reading" };
      },
      { who: "user", params: jobParams, response: { 200: metadataAnswer, 202: t.Object({ state: t.String() }) } },
    );
}
