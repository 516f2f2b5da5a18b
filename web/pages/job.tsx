import type { Job } from "#domain/job.ts";
import type { Warning } from "#domain/warning.ts";
import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "#web/chrome.ts";
import { Live } from "#web/components/live.tsx";
import { FrameGrid, type FramePage } from "#web/fragments/frame-grid.tsx";
import { JobActions } from "#web/fragments/job-actions.tsx";
import { JobFiles, JobOutputs, previewUrl, type Uploads } from "#web/fragments/job-files.tsx";
import { JobSettings, type SettingsForm } from "#web/fragments/job-settings.tsx";
import { JobSummary, percentOf } from "#web/fragments/job-summary.tsx";
import { JobTrouble } from "#web/fragments/job-trouble.tsx";
import { SceneFacts, type Reading } from "#web/fragments/scene-facts.tsx";
import { TaskTable, type TaskPage } from "#web/fragments/task-table.tsx";
import { Layout } from "#web/layout.tsx";

export type JobShown = {
  job: Job;
  warnings: readonly Warning[];
  reading: Reading;
  uploads: Uploads;
  /** Null before the job is planned. */
  frames: FramePage | null;
  tasks: TaskPage | null;
  settings: SettingsForm;
  admin: boolean;
  /** The address of another page of frames. */
  framesUrl: (page: number) => string;
  nowMs: number;
};

/** Everything about one job; `live` is its `JobContent`. */
export function JobPage({ chrome, job, live }: { chrome: Chrome; job: Job; live: Child }) {
  return (
    <Layout chrome={chrome} title={jobTitle(job)}>
      <p class="crumbs">
        <a href="/jobs">Jobs</a>
      </p>
      <Live content={live} />
    </Layout>
  );
}

/** The part of the page that changes. */
export function JobContent({
  job,
  warnings,
  reading,
  uploads,
  frames,
  tasks,
  settings,
  admin,
  framesUrl,
  nowMs,
}: JobShown) {
  const newest = uploads.files.at(-1);
  const metadata = reading.state === "read" ? reading.metadata : null;
  return (
    <>
      <div class="heading">
        <h1>{job.name}</h1>
        <JobActions job={job} readable={metadata !== null} />
      </div>
      <JobTrouble job={job} warnings={warnings} />
      <div class="columns">
        <div>
          <JobSummary job={job} nowMs={nowMs} />
          {job.status === "draft" && <JobSettings job={job} metadata={metadata} form={settings} admin={admin} />}
          <JobOutputs job={job} />
          {frames && <FrameGrid jobId={job.id} frames={frames} pageUrl={framesUrl} />}
          {tasks && <TaskTable page={tasks} />}
        </div>
        <aside>
          <SceneFacts job={job} reading={reading} thumbnail={newest ? previewUrl(newest) : null} />
          <JobFiles job={job} uploads={uploads} />
        </aside>
      </div>
    </>
  );
}

/** What the browser's tab says of a job: while it runs, how far it is. */
export function jobTitle(job: Job): string {
  return job.status === "running" ? `${percentOf(job)} % ${job.name}` : job.name;
}
