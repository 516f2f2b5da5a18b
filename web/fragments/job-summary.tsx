import { isJobEnded, type Job } from "#domain/job.ts";
import { Badge } from "#web/components/badge.tsx";
import { Facts } from "#web/components/facts.tsx";
import { Moment, Since } from "#web/components/moment.tsx";
import { ProgressBar } from "#web/components/progress-bar.tsx";
import { tellCount, tellNumber } from "#web/words/count.ts";
import { tellDuration } from "#web/words/duration.ts";
import { JOB_STATUS } from "#web/words/status.ts";
import { timeOf } from "./job-table.tsx";

/** Where a job stands: its status, how much of it is done, and what is left. */
export function JobSummary({ job, nowMs }: { job: Job; nowMs: number }) {
  return (
    <section class="summary" aria-label="Progress">
      <p class="standing">
        <Badge told={JOB_STATUS[job.status]} />
        {job.framesTotal > 0 && (
          <span>
            <b>{tellNumber(job.framesDone)}</b> of {tellCount(job.framesTotal, "frame")}
          </span>
        )}
        {job.framesTotal > 0 && <span>{percentOf(job)} %</span>}
        {job.status === "running" && <span>{timeOf(job, nowMs)}</span>}
      </p>
      {job.framesTotal > 0 && (
        <ProgressBar done={job.framesDone} total={job.framesTotal} label={`Frames of ${job.name}`} />
      )}
      <Facts of={factsOf(job, nowMs)} />
    </section>
  );
}

/** How much of a job is done, in whole percent, rounded down: 100 is said only of what is whole. */
export function percentOf(job: Pick<Job, "framesDone" | "framesTotal">): number {
  return job.framesTotal === 0 ? 0 : Math.floor((100 * job.framesDone) / job.framesTotal);
}

function factsOf(job: Job, nowMs: number) {
  const { startedAtMs, endedAtMs } = job;
  const running = startedAtMs !== null && !isJobEnded(job.status);
  const took = startedAtMs !== null && endedAtMs !== null ? (endedAtMs - startedAtMs) / 1000 : null;
  return [
    ["Frames", job.frames],
    ["Size", job.width !== null && job.height !== null && `${job.width} × ${job.height}`],
    ["Format", job.format],
    ["Priority", tellNumber(job.priority)],
    ["Scene", job.scene],
    ["Camera", job.camera],
    ["Engine", job.engine],
    ["Device", job.device === "auto" ? null : job.device.toUpperCase()],
    ["Samples", job.samples === null ? null : tellNumber(job.samples)],
    ["Blender", job.blenderVersion],
    ["Made", <Moment atMs={job.createdAtMs} />],
    ["By", job.userName],
    ["Started", startedAtMs !== null && <Moment atMs={startedAtMs} />],
    ["Running", running && startedAtMs <= nowMs && <Since atMs={startedAtMs} />],
    ["Ended", endedAtMs !== null && <Moment atMs={endedAtMs} />],
    ["Took", took === null ? null : tellDuration(took)],
  ] as const;
}
