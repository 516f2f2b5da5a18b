import { isJobEnded, type Job } from "#domain/job.ts";
import { etaSeconds } from "#domain/progress.ts";
import { Badge } from "#web/components/badge.tsx";
import { Moment } from "#web/components/moment.tsx";
import { ProgressBar } from "#web/components/progress-bar.tsx";
import { tellNumber } from "#web/words/count.ts";
import { tellDuration, tellTimeLeft } from "#web/words/duration.ts";
import { JOB_STATUS } from "#web/words/status.ts";

/** Jobs as a table; on a narrow screen each row is a card. `whose` adds a column that says who they belong to. */
export function JobTable({ jobs, nowMs, whose }: { jobs: readonly Job[]; nowMs: number; whose: boolean }) {
  return (
    <table class={whose ? "jobs whose" : "jobs"}>
      <thead>
        <tr>
          <th>Job</th>
          <th>Status</th>
          <th>Frames</th>
          <th>Time</th>
          {whose && <th>Who</th>}
          <th>Made</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <JobRow job={job} nowMs={nowMs} whose={whose} />
        ))}
      </tbody>
    </table>
  );
}

function JobRow({ job, nowMs, whose }: { job: Job; nowMs: number; whose: boolean }) {
  return (
    <tr id={`job-${job.id}`}>
      <th scope="row">
        <a href={`/jobs/${job.id}`}>{job.name}</a>
        <span class="sub">
          {job.fileName ?? "no file yet"} · {job.format}
        </span>
      </th>
      <td>
        <Badge told={JOB_STATUS[job.status]} />
      </td>
      <td class="progress">
        <FramesDone job={job} />
      </td>
      <td class="number">{timeOf(job, nowMs)}</td>
      {whose && <td class="who">{job.userName ?? "nobody"}</td>}
      <td class="number">
        <Moment atMs={job.createdAtMs} />
      </td>
    </tr>
  );
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

/** What is left of a running job, or how long an ended one took. */
export function timeOf(job: Job, nowMs: number): string {
  if (job.startedAtMs === null) return "";
  if (isJobEnded(job.status)) return tellDuration(((job.endedAtMs ?? nowMs) - job.startedAtMs) / 1000);
  if (job.status !== "running") return "";
  const left = etaSeconds(job.framesDone, job.framesTotal, (nowMs - job.startedAtMs) / 1000);
  return left === null ? "" : `${tellTimeLeft(left)} left`;
}
