import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { JOB_STATUSES } from "#domain/job.ts";
import { JobIcon } from "#web/fragments/job-icon.tsx";

const HEADERS = { "content-type": "image/svg+xml", "cache-control": "public, max-age=31536000" };

/** Icons for browser tabs, by a job's state and how many percent of it are done: `/icons/running-45.svg`. */
export const icons = new Elysia({ name: "icons" }).get(
  "/icons/:name",
  ({ params }) => {
    const [, word, percent] = /^([a-z]+)-(\d{1,3})\.svg$/.exec(params.name) ?? [];
    const status = JOB_STATUSES.find((known) => known === word);
    if (!status || Number(percent) > 100) throw new AppError("not_found", `There is no icon ${params.name}.`);
    return new Response(String(JobIcon({ status, percent: Number(percent) })), { headers: HEADERS });
  },
  { params: t.Object({ name: t.String({ maxLength: 40 }) }) },
);
