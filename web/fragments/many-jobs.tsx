import { DEFAULT_PRIORITY, MAX_PRIORITY } from "#domain/job.ts";

/** What can be done with the jobs that are chosen in the form around it. */
export function ManyJobs({ admin }: { admin: boolean }) {
  return (
    <div class="many" role="group" aria-label="What to do with the chosen jobs">
      <p class="chosen without-script-hidden">
        <b data-chosen data-own>
          0
        </b>{" "}
        chosen
      </p>
      <Do action="pause" text="Pause" />
      <Do action="resume" text="Resume" />
      <Do action="retry" text="Retry" />
      <span class="priority">
        <label for="many-priority">Priority</label>
        <input
          type="number"
          id="many-priority"
          name="priority"
          min="0"
          max={admin ? MAX_PRIORITY : DEFAULT_PRIORITY}
          value={DEFAULT_PRIORITY}
        />
        <Do action="prioritize" text="Set" />
      </span>
      <Grave action="cancel" text="Cancel">
        What runs of them is stopped. Frames that are done stay, and the rest can be retried later.
      </Grave>
      <Grave action="delete" text="Delete">
        Those that have ended go with their files, frames and logs. This cannot be taken back.
      </Grave>
    </div>
  );
}

function Do({ action, text, kind = null }: { action: string; text: string; kind?: string | null }) {
  return (
    <button name="action" value={action} class={kind}>
      {text}
    </button>
  );
}

function Grave({ action, text, children }: { action: string; text: string; children: string }) {
  return (
    <details class="grave" id={`many-${action}`}>
      <summary class="button">{text}…</summary>
      <div>
        <p>{children}</p>
        <Do action={action} text={`${text} the chosen jobs`} kind="danger" />
      </div>
    </details>
  );
}
