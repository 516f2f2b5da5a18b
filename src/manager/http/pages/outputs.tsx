import { Elysia } from "elysia";
import { userOf } from "#manager/services/callers.ts";
import { countOutputsOf, outputsInOrder } from "#manager/services/downloads.ts";
import type { Farm } from "#manager/services/farm.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { OutputsPage } from "#web/pages/outputs.tsx";
import { jobParams } from "../api/schemas.ts";
import { chromeFor, pageBase } from "./page-base.ts";
import { pageQuery } from "./queries.ts";

const FILES_PER_PAGE = 200;

/** What came out of a job, file by file. */
export function outputPages(farm: Farm) {
  return new Elysia().use(pageBase(farm)).get(
    "/jobs/:id/outputs",
    async ({ caller, params, query, html }) => {
      const job = jobFor(farm, userOf(caller), params.id);
      const total = countOutputsOf(farm, job);
      const pages = Math.max(1, Math.ceil(total / FILES_PER_PAGE));
      const page = Math.min(Math.max(1, query.page ?? 1), pages);
      const files = outputsInOrder(farm, job, { offset: (page - 1) * FILES_PER_PAGE, limit: FILES_PER_PAGE });
      const pageUrl = (to: number) => `/jobs/${job.id}/outputs?page=${to}`;
      const shown = { job, files, total, page, pages, pageUrl };
      return html(String(<OutputsPage chrome={chromeFor(caller, "jobs")} shown={shown} />));
    },
    { who: "user", params: jobParams, query: pageQuery },
  );
}
