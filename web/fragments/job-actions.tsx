import { canJobBecome, DEFAULT_PRIORITY, isJobEnded, MAX_PRIORITY, type Job } from "#domain/job.ts";
import { Action, GraveAction } from "#web/components/action.tsx";

type Props = { job: Job; readable: boolean; admin: boolean };

/** What can be done with a job as it is now. */
export function JobActions({ job, readable, admin }: Props) {
  const to = (what: string) => `/jobs/${job.id}/${what}`;
  const retries = (job.status === "failed" || job.status === "canceled") && job.tasksTotal > 0;
  return (
    <div class="actions">
      {job.status === "draft" && readable && <Action to={to("start")} text="Start" primary />}
      {canJobBecome(job.status, "paused") && <Action to={to("pause")} text="Pause" />}
      {job.status === "paused" && <Action to={to("resume")} text="Resume" primary />}
      {retries && <Action to={to("retry")} text={job.status === "failed" ? "Retry what failed" : "Retry"} primary />}
      {job.status !== "draft" && <Edit job={job} admin={admin} />}
      {canJobBecome(job.status, "canceled") && (
        <GraveAction id="cancel" to={to("cancel")} text="Cancel the job" stays>
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

/** What of a job can be changed at any time. */
function Edit({ job, admin }: { job: Job; admin: boolean }) {
  const to = `/jobs/${job.id}/edit`;
  // Who may give no higher priority still sees, and keeps, the one that an admin has given.
  const most = admin ? MAX_PRIORITY : Math.max(DEFAULT_PRIORITY, job.priority);
  return (
    <details class="grave" id="edit">
      <summary class="button">Edit…</summary>
      <form class="fields" method="post" action={to}>
        <div class="field">
          <label for="edit-name">Name</label>
          <input id="edit-name" name="name" value={job.name} required maxlength="200" />
        </div>
        <div class="field">
          <label for="edit-priority">Priority</label>
          <input type="number" id="edit-priority" name="priority" value={job.priority} min="0" max={most} required />
        </div>
        <button class="primary">Save</button>
      </form>
    </details>
  );
}
