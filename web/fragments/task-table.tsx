import type { EncodingProgress, TaskProgress } from "#domain/progress.ts";
import type { Task } from "#domain/task.ts";
import { Badge } from "#web/components/badge.tsx";
import { Since } from "#web/components/moment.tsx";
import { Pager } from "#web/components/pager.tsx";
import { Tabs, type Tab } from "#web/components/tabs.tsx";
import { tellNumber } from "#web/words/count.ts";
import { tellDuration, tellTimeLeft } from "#web/words/duration.ts";
import { adviceFor, tellReason } from "#web/words/failure.ts";
import { TASK_STATUS } from "#web/words/status.ts";
import { taskName } from "#web/words/task.ts";

/** A task with who works on it or did last, how far, and when its latest attempt began and ended. */
export type TaskRow = Task & { runnerName: string | null; progress: TaskProgress | null };

export type TaskPage = {
  tabs: readonly Tab[];
  tasks: readonly TaskRow[];
  firstUrl: string | null;
  nextUrl: string | null;
};

/** The tasks of a job, a page of them. */
export function TaskTable({ page: { tabs, tasks, firstUrl, nextUrl } }: { page: TaskPage }) {
  return (
    <section id="tasks" aria-labelledby="tasks-heading">
      <div class="heading">
        <h2 id="tasks-heading">Tasks</h2>
        <Tabs label="Tasks by state" tabs={tabs.map((tab) => ({ ...tab, url: `${tab.url}#tasks` }))} />
      </div>
      <table class="tasks">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Status</th>
            <th scope="col">Runner</th>
            <th scope="col">Attempt</th>
            <th scope="col">Time</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <Row task={task} />
          ))}
        </tbody>
      </table>
      <Pager
        label="Pages of tasks"
        back={firstUrl === null ? null : { href: `${firstUrl}#tasks`, text: "First tasks" }}
        on={nextUrl === null ? null : { href: `${nextUrl}#tasks`, text: "More tasks" }}
      />
    </section>
  );
}

function Row({ task }: { task: TaskRow }) {
  return (
    <tr id={`task-${task.id}`}>
      <th scope="row" class="number">
        <a href={`/jobs/${task.jobId}/tasks/${task.id}`}>{taskName(task)}</a>
      </th>
      <td>
        <Badge told={TASK_STATUS[task.status]} />{" "}
        {task.progress && <span class="sub">{tellProgress(task.progress)}</span>}
      </td>
      <td>{task.runnerName}</td>
      <td class="number" data-label="Attempt">
        {task.attempt > 0 && task.attempt}
      </td>
      <td class="number">
        <TaskTime task={task} />
      </td>
      <td>{task.reason && <Why reason={task.reason} message={task.message} />}</td>
    </tr>
  );
}

function TaskTime({ task }: { task: TaskRow }) {
  if (task.startedAtMs === null) return null;
  if (task.endedAtMs !== null) return <>{tellDuration((task.endedAtMs - task.startedAtMs) / 1000)}</>;
  return task.status === "leased" ? <Since atMs={task.startedAtMs} /> : null;
}

/** Why a task or an attempt did not work out, and what to do. */
export function Why({ reason, message }: { reason: string; message: string | null }) {
  const advice = adviceFor(reason);
  return (
    <>
      <b class="reason">{tellReason(reason)}</b> {message && <span class="said">{message}</span>}{" "}
      {advice && <span class="advice">{advice}</span>}
    </>
  );
}

function tellEncoding({ step, pass, fraction, secondsLeft }: EncodingProgress): string {
  const parts = [pass === null ? step : `pass ${pass} of 2`, `${Math.floor(100 * fraction)} %`];
  if (secondsLeft !== null) parts.push(`${tellTimeLeft(secondsLeft)} left`);
  return parts.join(", ");
}

/** How far a task is: frame 3 of 10, sample 64 of 128. */
export function tellProgress({ frame, done, total, sample, samples, encoding }: TaskProgress): string {
  if (encoding) return tellEncoding(encoding);
  const parts: string[] = [];
  if (total > 1) parts.push(`${done} of ${total}`);
  if (frame !== null && total > 1) parts.push(`frame ${frame}`);
  if (sample !== null && samples !== null) parts.push(`sample ${tellNumber(sample)} of ${tellNumber(samples)}`);
  return parts.join(", ");
}
