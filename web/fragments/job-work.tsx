import { Since } from "#web/components/moment.tsx";
import { tellCount } from "#web/words/count.ts";
import { taskName } from "#web/words/task.ts";
import { tellProgress, type TaskRow } from "./task-table.tsx";

/** More than these are only counted. */
const SHOWN_TASKS = 8;

/** What of a job is being worked on now: by whom, how far, and where to read along. */
export function JobWork({ tasks }: { tasks: readonly TaskRow[] }) {
  if (tasks.length === 0) return null;
  const rest = tasks.length - SHOWN_TASKS;
  return (
    <section class="panel" id="work" aria-labelledby="work-heading">
      <h2 id="work-heading">At work now</h2>
      <ul class="work">
        {tasks.slice(0, SHOWN_TASKS).map((task) => (
          <Work task={task} />
        ))}
      </ul>
      {rest > 0 && <p class="hint">and {tellCount(rest, "more task")}</p>}
    </section>
  );
}

function Work({ task }: { task: TaskRow }) {
  const { progress } = task;
  const samples = progress?.samples ?? 0;
  return (
    <li id={`work-${task.id}`}>
      <a href={`/jobs/${task.jobId}/tasks/${task.id}#log`}>{taskName(task)}</a>
      <span class="sub">
        {task.runnerName} · <Since atMs={task.startedAtMs ?? 0} />
      </span>
      {progress && <span class="sub number">{tellProgress(progress)}</span>}
      {samples > 0 && (
        <progress value={progress?.sample ?? 0} max={samples} aria-label={`Samples of ${taskName(task)}`} />
      )}
    </li>
  );
}
