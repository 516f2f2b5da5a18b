import { Elysia } from "elysia";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { frameOf } from "#manager/services/frame-views.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { FramePage } from "#web/pages/frame.tsx";
import { chromeFor, pageBase } from "./page-base.ts";
import { frameParams } from "./queries.ts";

/** One frame of a job. */
export function framePages(farm: Farm) {
  return new Elysia().use(pageBase(farm)).get(
    "/jobs/:id/frames/:frame",
    async ({ caller, params, html }) => {
      const job = jobFor(farm, userOf(caller), params.id);
      const shown = { job, frame: params.frame, ...frameOf(farm, job, params.frame) };
      return html(String(<FramePage chrome={chromeFor(caller, "jobs")} shown={shown} />));
    },
    { who: "user", params: frameParams },
  );
}
