import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "#web/chrome.ts";
import { Empty } from "#web/components/empty.tsx";
import { Live } from "#web/components/live.tsx";
import { Notice } from "#web/components/notice.tsx";
import { Pages } from "#web/components/pages.tsx";
import { Tabs, type Tab } from "#web/components/tabs.tsx";
import { FarmLine, type FarmCounts } from "#web/fragments/farm-line.tsx";
import { JobTable, type JobRow } from "#web/fragments/job-table.tsx";
import { ManyJobs } from "#web/fragments/many-jobs.tsx";
import { Layout } from "#web/layout.tsx";

export type Jobs = {
  jobs: readonly JobRow[];
  tabs: readonly Tab[];
  farm: FarmCounts;
  nowMs: number;
  /** Whether the jobs are those of everybody. */
  everyones: boolean;
  page: number;
  pages: number;
  /** Whether only some of the jobs are asked for. */
  filtered: boolean;
  pageUrl: (page: number) => string;
  /** Where what is done to several of them is sent. */
  manyUrl: string;
};

/** What was looked for; `state` goes along with it. */
export type JobSearch = { text: string; state: string | null };

/** The jobs, newest first; `live` is their `JobsContent`, `result` says what was done to several just before. */
export function JobsPage({
  chrome,
  search,
  live,
  result = null,
}: {
  chrome: Chrome;
  search: JobSearch;
  live: Child;
  result?: string | null;
}) {
  return (
    <Layout chrome={chrome} title="Jobs">
      <div class="heading">
        <h1>Jobs</h1>
        <SearchForm search={search} />
        <a class="button primary" href="/jobs/new">
          New job
        </a>
      </div>
      <ManyResult sentence={result} />
      <Live content={live} />
    </Layout>
  );
}

function SearchForm({ search: { text, state } }: { search: JobSearch }) {
  return (
    <form class="search" action="/jobs" role="search">
      {state !== null && <input type="hidden" name="state" value={state} />}
      <label class="hidden" for="q">
        Search by name
      </label>
      <input type="search" id="q" name="q" value={text} maxlength="200" placeholder="Search by name or file" />
      <button>Search</button>
    </form>
  );
}

/** What was done to several jobs; with `beside` it takes its place in a page that is there already. */
export function ManyResult({ sentence, beside = false }: { sentence: string | null; beside?: boolean }) {
  return (
    <div id="result" role="status" hx-swap-oob={beside ? "true" : null}>
      {sentence && <Notice kind="info">{sentence}</Notice>}
    </div>
  );
}

/** The part of the page that changes. */
export function JobsContent({ jobs, tabs, farm, nowMs, everyones, page, pages, filtered, pageUrl, manyUrl }: Jobs) {
  return (
    <>
      <div class="heading bar">
        <Tabs tabs={tabs} label="Jobs by state" />
        <a class="farm" href="/runners">
          <span class="none">Runners</span>
          <FarmLine counts={farm} />
        </a>
      </div>
      {jobs.length === 0 ? (
        <NoJobs filtered={filtered} />
      ) : (
        <form id="many" method="post" action={manyUrl} hx-post={manyUrl} hx-target="#live" hx-swap="innerMorph">
          {/* What Enter in a field presses is the first button; one that is disabled keeps it from doing anything. */}
          <button disabled hidden />
          <JobTable jobs={jobs} nowMs={nowMs} whose={everyones} />
          <ManyJobs admin={everyones} />
        </form>
      )}
      <Pages label="Pages of jobs" {...{ page, pages, url: pageUrl, back: "Newer jobs", on: "Older jobs" }} />
    </>
  );
}

function NoJobs({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty>
        No job is like that. <a href="/jobs">Show all jobs</a>
      </Empty>
    );
  return (
    <Empty>
      No jobs here yet. <a href="/jobs/new">Make one</a> from a .blend file or a project archive.
    </Empty>
  );
}
