import { canJobBecome, isJobEnded, type Job } from "#domain/job.ts";
import { Action, GraveAction } from "#web/components/action.tsx";

/** What can be done with a job as it is now. */
export function JobActions({ job, readable }: { job: Job; readable: boolean }) {
  const to = (what: string) => `/jobs/${job.id}/${what}`;
  const retries = (job.status === "failed" || job.status === "canceled") && job.tasksTotal > 0;
  return (
    <div class="actions">
      {job.status === "draft" && readable && <Action to={to("start")} text="Start" primary />}
      {canJobBecome(job.status, "paused") && <Action to={to("pause")} text="Pause" />}
      {job.status === "paused" && <Action to={to("resume")} text="Resume" primary />}
      {retries && <Action to={to("retry")} text="Retry" primary />}
      {canJobBecome(job.status, "canceled") && (
        <GraveAction id="cancel" to={to("cancel")} text="Cancel the job">
          What runs is stopped. Frames that are done stay, and the rest can be retried later.
        </GraveAction>
      )}
      {isJobEnded(job.status) && (
        <GraveAction id="delete" to={to("delete")} text="Delete the job">
          The job goes with its files, frames and logs. This cannot be taken back.
        </GraveAction>
      )}
    </div>
  );
}
