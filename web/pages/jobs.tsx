import type { Job } from "#domain/job.ts";
import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "#web/chrome.ts";
import { Live } from "#web/components/live.tsx";
import { Notice } from "#web/components/notice.tsx";
import { Pager } from "#web/components/pager.tsx";
import { FarmLine, type FarmCounts } from "#web/fragments/farm-line.tsx";
import { JobTable } from "#web/fragments/job-table.tsx";
import { Layout } from "#web/layout.tsx";

export type Jobs = {
  jobs: readonly Job[];
  farm: FarmCounts;
  nowMs: number;
  /** Whether the jobs are those of everybody. */
  everyones: boolean;
  /** Whether these are the newest. */
  first: boolean;
  /** Where the older ones begin; null when there are none. */
  nextCursor: number | null;
};

/** The jobs, newest first; `live` is their `JobsContent`. */
export function JobsPage({ chrome, live }: { chrome: Chrome; live: Child }) {
  return (
    <Layout chrome={chrome} title="Jobs">
      <div class="heading">
        <h1>Jobs</h1>
        <a class="button primary" href="/jobs/new">
          New job
        </a>
      </div>
      <Live content={live} />
    </Layout>
  );
}

/** The part of the page that changes. */
export function JobsContent({ jobs, farm, nowMs, everyones, first, nextCursor }: Jobs) {
  const back = first ? null : { href: "/jobs", text: "Newest jobs" };
  const on = nextCursor === null ? null : { href: `/jobs?cursor=${nextCursor}`, text: "Older jobs" };
  return (
    <>
      <a class="farm" href="/runners">
        <span class="none">Runners</span>
        <FarmLine counts={farm} />
      </a>
      {jobs.length === 0 ? <NoJobs /> : <JobTable jobs={jobs} nowMs={nowMs} whose={everyones} />}
      <Pager label="Pages of jobs" back={back} on={on} />
    </>
  );
}

function NoJobs() {
  return (
    <Notice kind="info">
      No jobs here yet. <a href="/jobs/new">Make one</a> from a .blend file or a project archive.
    </Notice>
  );
}
