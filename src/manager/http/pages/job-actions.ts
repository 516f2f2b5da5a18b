import { Elysia, t } from "elysia";
import type { Job } from "#domain/job.ts";
import { VIDEO_FORMATS } from "#domain/video.ts";
import { addVideo } from "#manager/services/adding-videos.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { cancelJob, pauseJob, purgeJob, resumeJob, retryJob } from "#manager/services/job-control.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { startJob } from "#manager/services/starting.ts";
import { receiveUpload } from "#manager/services/uploads.ts";
import { oneOf } from "#protocol/one-of.ts";
import { jobParams } from "../api/schemas.ts";
import { receiveFormFile } from "../multipart.ts";
import { pageBase, seeOther } from "./page-base.ts";

/** The buttons of a job: each does one thing and leads back to the job, and what of it was shown. */
const ACTIONS: Record<string, (farm: Farm, job: Job) => Promise<unknown>> = {
  start: startJob,
  pause: async (farm, job) => pauseJob(farm, job.id),
  resume: async (farm, job) => resumeJob(farm, job.id),
  cancel: async (farm, job) => cancelJob(farm, job.id),
  retry: async (farm, job) => retryJob(farm, job.id),
};

/** What one can do with a job. */
export function jobActionPages(farm: Farm) {
  const actions = new Elysia().use(pageBase(farm));
  for (const [name, act] of Object.entries(ACTIONS))
    actions.post(
      `/jobs/:id/${name}`,
      async ({ caller, params, request }) => {
        await act(farm, jobFor(farm, userOf(caller), params.id));
        return seeOther(backTo(`/jobs/${params.id}`, request));
      },
      { who: "user", params: jobParams },
    );
  return actions
    .post(
      "/jobs/:id/delete",
      async ({ caller, params }) => {
        await purgeJob(farm, jobFor(farm, userOf(caller), params.id));
        return seeOther("/jobs");
      },
      { who: "user", params: jobParams },
    )
    .post(
      "/jobs/:id/videos",
      async ({ caller, params, body }) => {
        await addVideo(farm, jobFor(farm, userOf(caller), params.id).id, body.format);
        return seeOther(`/jobs/${params.id}#videos`);
      },
      { who: "user", params: jobParams, body: t.Object({ format: oneOf(VIDEO_FORMATS) }), parse: "urlencoded" },
    )
    .post(
      "/jobs/:id/files",
      async ({ caller, params, request, server }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        server?.timeout(request, 0);
        await receiveFormFile(request, async (file) => receiveUpload(farm, job, { ...file, size: null }));
        return seeOther(`/jobs/${job.id}`);
      },
      { who: "user", params: jobParams, parse: "none" },
    );
}

/** A page, with the query that it was shown with when a button on it was pressed. */
function backTo(path: string, { headers }: Request): string {
  const from = URL.parse(headers.get("hx-current-url") ?? headers.get("referer") ?? "");
  return from?.pathname === path ? path + from.search : path;
}
