import { Elysia } from "elysia";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { jobsFor } from "#manager/services/jobs.ts";
import { countRunners } from "#manager/services/runner-views.ts";
import { JobsContent, JobsPage } from "#web/pages/jobs.tsx";
import { cursorQuery } from "./queries.ts";
import { answerLive } from "./live.tsx";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";

const JOBS_PER_PAGE = 50;
const POLL_SECONDS = 3;

/** The list of jobs, which is also what one sees first. */
export function jobListPages(farm: Farm) {
  return new Elysia()
    .use(pageBase(farm))
    .get("/", () => seeOther("/jobs"))
    .get(
      "/jobs",
      ({ caller, query, request, set, html }) => {
        const user = userOf(caller);
        const before = query.cursor ?? Number.MAX_SAFE_INTEGER;
        const rows = jobsFor(farm, user, { everyones: true, before, limit: JOBS_PER_PAGE + 1 });
        const jobs = rows.slice(0, JOBS_PER_PAGE);
        const content = (
          <JobsContent
            jobs={jobs}
            farm={countRunners(farm, user)}
            nowMs={farm.clock.nowMs()}
            everyones={user.admin}
            first={query.cursor === undefined}
            nextCursor={rows.length > jobs.length ? (jobs.at(-1)?.id ?? null) : null}
          />
        );
        return answerLive(
          { request, set, html },
          {
            title: "Jobs",
            url: query.cursor === undefined ? "/jobs" : `/jobs?cursor=${query.cursor}`,
            everySeconds: POLL_SECONDS,
            content,
            page: (live) => <JobsPage chrome={chromeFor(caller, "jobs")} live={live} />,
          },
        );
      },
      { who: "user", query: cursorQuery },
    );
}
