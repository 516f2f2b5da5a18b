import type { FrameMap } from "#domain/frame-state.ts";
import { isJobEnded, type Job } from "#domain/job.ts";
import type { Waiting } from "#domain/waiting.ts";
import type { Warning } from "#domain/warning.ts";
import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "#web/chrome.ts";
import { Live } from "#web/components/live.tsx";
import type { Tab } from "#web/components/tabs.tsx";
import { FrameGrid, type FramePage } from "#web/fragments/frame-grid.tsx";
import { JobActions } from "#web/fragments/job-actions.tsx";
import { JobFacts } from "#web/fragments/job-facts.tsx";
import { JobFiles, previewUrl, type Uploads } from "#web/fragments/job-files.tsx";
import { jobIconUrl } from "#web/fragments/job-icon.tsx";
import { JobLog, type JobLogShown } from "#web/fragments/job-log.tsx";
import { JobOutputs } from "#web/fragments/job-outputs.tsx";
import { JobSummary, type JobProgress } from "#web/fragments/job-summary.tsx";
import { JobTrouble } from "#web/fragments/job-trouble.tsx";
import { JobVideos, type VideoShown } from "#web/fragments/job-videos.tsx";
import { JobWaiting } from "#web/fragments/job-waiting.tsx";
import { JobWork } from "#web/fragments/job-work.tsx";
import { Player } from "#web/fragments/player.tsx";
import { SceneFacts, type Reading } from "#web/fragments/scene-facts.tsx";
import { TaskTable, type TaskPage, type TaskRow } from "#web/fragments/task-table.tsx";
import { Layout } from "#web/layout.tsx";

/** The frames of a job that is planned. */
export type Film = { map: FrameMap; page: FramePage; latest: number | null; fps: number };

export type JobShown = {
  job: Job;
  warnings: readonly Warning[];
  waiting: Waiting | null;
  progress: JobProgress;
  reading: Reading;
  uploads: Uploads;
  videos: readonly VideoShown[];
  /** Null before the job is planned. */
  film: Film | null;
  /** What is being worked on. */
  work: readonly TaskRow[];
  tasks: TaskPage | null;
  /** What is said meanwhile; null before the job is planned. */
  log: JobLogShown | null;
  logChoices: readonly Tab[];
  admin: boolean;
  /** The address of another page of frames. */
  framesUrl: (page: number) => string;
};

type JobPageProps = { chrome: Chrome; job: Job; percent: number; live: Child };

/** Everything about one job; `live` is its `JobContent`. */
export function JobPage({ chrome, job, percent, live }: JobPageProps) {
  return (
    <Layout
      chrome={chrome}
      title={jobTitle(job, percent)}
      icon={jobIconUrl(job.status, percent)}
      scripts={["player.js"]}
    >
      <p class="crumbs">
        <a href="/jobs">Jobs</a>
      </p>
      <Live content={live} />
    </Layout>
  );
}

/** The part of the page that changes. */
export function JobContent(shown: JobShown) {
  const { job, warnings, waiting, progress, reading, uploads, work, admin } = shown;
  const newest = uploads.files.at(-1);
  const runners = new Set(work.map(({ runnerId }) => runnerId)).size;
  return (
    <>
      <div class="heading">
        <h1>{job.name}</h1>
        <JobActions job={job} readable={reading.state === "read"} admin={admin} />
      </div>
      <JobTrouble job={job} warnings={warnings} />
      <JobWaiting waiting={waiting} />
      <JobSummary job={job} progress={progress} runners={runners} />
      <div class="columns job">
        <Pictures shown={shown} />
        <Lists shown={shown} />
        <aside>
          <JobWork tasks={work} />
          <JobOutputs job={job} videos={shown.videos} />
          <JobFacts job={job} />
          <SceneFacts job={job} reading={reading} thumbnail={newest ? previewUrl(newest) : null} />
          <JobFiles job={job} uploads={uploads} />
        </aside>
      </div>
    </>
  );
}

/** What there is to watch. */
function Pictures({ shown: { job, film, videos, log, logChoices } }: { shown: JobShown }) {
  return (
    <div class="pictures">
      {film && mayShow(job) && <Player job={job} frames={film.map} latest={film.latest} fps={film.fps} />}
      <JobVideos job={job} videos={videos} />
      {log && <JobLog job={job} log={log} choices={logChoices} />}
    </div>
  );
}

/** Of a job that has ended without a frame there will be nothing to play. */
function mayShow(job: Job): boolean {
  return job.framesDone > 0 || !isJobEnded(job.status);
}

/** What there is to look up. */
function Lists({ shown: { job, film, tasks, framesUrl } }: { shown: JobShown }) {
  return (
    <div class="lists">
      {film && <FrameGrid jobId={job.id} frames={film.page} pageUrl={framesUrl} />}
      {tasks && <TaskTable page={tasks} />}
    </div>
  );
}

/** What the browser's tab says of a job: while it runs, how far it is. */
export function jobTitle(job: Job, percent: number): string {
  return job.status === "running" ? `${Math.floor(percent)} % ${job.name}` : job.name;
}
