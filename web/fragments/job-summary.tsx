import type { Job } from "#domain/job.ts";
import { Badge } from "#web/components/badge.tsx";
import { Since } from "#web/components/moment.tsx";
import { ProgressBar } from "#web/components/progress-bar.tsx";
import { tellCount, tellNumber } from "#web/words/count.ts";
import { tellDuration, tellTimeLeft } from "#web/words/duration.ts";
import { JOB_STATUS } from "#web/words/status.ts";

/** How much of a job is done, in percent and with its videos, and how long the rest may take. */
export type JobProgress = { percent: number; etaSeconds: number | null };

type Props = {
  job: Job;
  progress: JobProgress;
  /** How many runners are at work on it. */
  runners: number;
};

/** Where a job stands, in one line and a bar: its status, how much of it is done, and what is left. */
export function JobSummary({ job, progress: { percent, etaSeconds }, runners }: Props) {
  const { startedAtMs, endedAtMs } = job;
  return (
    <section class="summary" aria-label="Progress">
      <p class="standing">
        <Badge told={JOB_STATUS[job.status]} />
        {job.framesTotal > 0 && (
          <span>
            <b>{tellNumber(job.framesDone)}</b> of {tellCount(job.framesTotal, "frame")}
          </span>
        )}
        {job.framesTotal > 0 && <span>{Math.floor(percent)} %</span>}
        {job.status === "running" && etaSeconds !== null && <span>{tellTimeLeft(etaSeconds)} left</span>}
        {runners > 0 && <span class="none">{tellCount(runners, "runner")} at work</span>}
        {startedAtMs !== null && job.status === "running" && (
          <span class="none">
            for <Since atMs={startedAtMs} />
          </span>
        )}
        {startedAtMs !== null && endedAtMs !== null && (
          <span class="none">took {tellDuration((endedAtMs - startedAtMs) / 1000)}</span>
        )}
      </p>
      {job.framesTotal > 0 && <ProgressBar done={percent} total={100} label={`Progress of ${job.name}`} />}
    </section>
  );
}
