import { DEFAULT_PRIORITY, isJobEnded, type Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import type { Waiting } from "#domain/waiting.ts";
import { Badge } from "#web/components/badge.tsx";
import { Moment } from "#web/components/moment.tsx";
import { ProgressBar } from "#web/components/progress-bar.tsx";
import { tellNumber } from "#web/words/count.ts";
import { tellDuration, tellTimeLeft } from "#web/words/duration.ts";
import { tellReason } from "#web/words/failure.ts";
import { JOB_STATUS } from "#web/words/status.ts";
import { TOLD_FORMATS } from "#web/words/format.ts";
import { tellWaiting } from "#web/words/waiting.ts";
import { previewUrl } from "./job-files.tsx";

/** A job with what a list tells of it. */
export type JobRow = Job & { etaSeconds: number | null; picture: StoredFile | null; waiting: Waiting | null };

/**
 * Jobs as a table, each with a box by which the form around it chooses them; on a narrow screen each row is a card. `whose` adds a column
 * that says who they belong to.
 */
export function JobTable({ jobs, nowMs, whose }: { jobs: readonly JobRow[]; nowMs: number; whose: boolean }) {
  return (
    <table class={whose ? "jobs whose" : "jobs"}>
      <thead>
        <tr>
          <td class="choice">
            <input type="checkbox" aria-label="Choose all jobs of this page" data-choose-all />
          </td>
          <td />
          <th scope="col">Job</th>
          <th scope="col">Status</th>
          <th scope="col">Frames</th>
          <th scope="col">Time</th>
          {whose && <th scope="col">Who</th>}
          <th scope="col">Made</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <Row job={job} nowMs={nowMs} whose={whose} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ job, nowMs, whose }: { job: JobRow; nowMs: number; whose: boolean }) {
  return (
    <tr id={`job-${job.id}`}>
      <td class="choice">
        <input type="checkbox" name="job" value={job.id} id={`choose-${job.id}`} aria-label={`Choose ${job.name}`} />
      </td>
      <td class="stamp">
        <a href={`/jobs/${job.id}`} tabindex="-1" aria-hidden="true">
          {job.picture && <img class="thumbnail" src={previewUrl(job.picture, "small")} alt="" loading="lazy" />}
        </a>
      </td>
      <th scope="row">
        <a href={`/jobs/${job.id}`}>{job.name}</a>
        <span class="sub">{tellWhat(job)}</span>
      </th>
      <td class="state">
        <Badge told={JOB_STATUS[job.status]} />
        <Standing job={job} />
      </td>
      <td class="progress">
        <FramesDone job={job} />
      </td>
      <td class="number time">{timeOf(job, nowMs)}</td>
      {whose && <td class="who">{job.userName ?? "nobody"}</td>}
      <td class="number made">
        <Moment atMs={job.createdAtMs} />
      </td>
    </tr>
  );
}

/** Its file, what it delivers, how large, and its priority where that is not everybody's. */
function tellWhat({ fileName, format, width, height, priority }: Job): string {
  const size = width !== null && height !== null ? `${width}\u00a0×\u00a0${height}` : null;
  const urgency = priority === DEFAULT_PRIORITY ? null : `priority ${priority}`;
  return [fileName ?? "no file yet", TOLD_FORMATS[format].title, size, urgency]
    .filter((part) => part !== null)
    .join(" · ");
}

/** Why it stands still, where it does. */
function Standing({ job }: { job: JobRow }) {
  if (job.status === "failed") return <span class="sub">{job.reason ? tellReason(job.reason) : job.message}</span>;
  if (job.status === "draft" && job.message) return <span class="sub">{job.message}</span>;
  if (job.waiting && job.waiting.kind !== "paused") return <span class="sub">{tellWaiting(job.waiting).why}</span>;
  return null;
}

/** The bar of a job with its numbers; a dash before it is planned. */
function FramesDone({ job }: { job: Pick<Job, "framesDone" | "framesTotal" | "name"> }) {
  if (job.framesTotal === 0) return <span class="none">–</span>;
  return (
    <span class="number">
      <ProgressBar done={job.framesDone} total={job.framesTotal} label={`Frames of ${job.name}`} />
      {tellNumber(job.framesDone)} / {tellNumber(job.framesTotal)}
    </span>
  );
}

/** What is left of a running job, a dash where that is not known; or how long an ended one took. */
export function timeOf(job: Job & { etaSeconds: number | null }, nowMs: number): string {
  if (job.status === "running") return job.etaSeconds === null ? "—" : `${tellTimeLeft(job.etaSeconds)} left`;
  if (job.startedAtMs === null || !isJobEnded(job.status)) return "";
  return tellDuration(((job.endedAtMs ?? nowMs) - job.startedAtMs) / 1000);
}
