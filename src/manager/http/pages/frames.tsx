import { Elysia } from "elysia";
import { isJobEnded } from "#domain/job.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { frameOf } from "#manager/services/frame-views.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { FrameContent, FramePage, frameTitle } from "#web/pages/frame.tsx";
import { frameParams } from "../api/schemas.ts";
import { answerLive } from "./live.tsx";
import { chromeFor, pageBase } from "./page-base.ts";

const POLL_SECONDS = 3;

/** One frame of a job, which is watched until it is filed. */
export function framePages(farm: Farm) {
  return new Elysia().use(pageBase(farm)).get(
    "/jobs/:id/frames/:frame",
    ({ caller, params, request, set, html }) => {
      const job = jobFor(farm, userOf(caller), params.id);
      const shown = { job, ...frameOf(farm, job, params.frame) };
      const isOver = shown.state === "done" || isJobEnded(job.status);
      return answerLive(
        { request, set, html },
        {
          title: frameTitle(shown),
          url: `/jobs/${job.id}/frames/${shown.frame}`,
          everySeconds: isOver ? null : POLL_SECONDS,
          content: <FrameContent shown={shown} />,
          page: (live) => <FramePage chrome={chromeFor(caller, "jobs")} shown={shown} live={live} />,
        },
      );
    },
    { who: "user", params: frameParams },
  );
}
