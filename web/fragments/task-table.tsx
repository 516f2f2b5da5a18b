import type { EncodingProgress, TaskProgress } from "#domain/progress.ts";
import { VIDEO_WORDS } from "#domain/video.ts";
import type { Task } from "#domain/task.ts";
import { Badge } from "#web/components/badge.tsx";
import { Since } from "#web/components/moment.tsx";
import { Pager } from "#web/components/pager.tsx";
import { tellNumber } from "#web/words/count.ts";
import { tellDuration, tellTimeLeft } from "#web/words/duration.ts";
import { adviceFor, tellReason } from "#web/words/failure.ts";
import { TASK_STATUS } from "#web/words/status.ts";

/** A task with who works on it and how far. */
export type TaskRow = Task & { runnerName: string | null; progress: TaskProgress | null };

/** A choice of tasks by their state, and how many there are. */
export type TaskTab = { text: string; count: number; url: string; current: boolean };

export type TaskPage = {
  tabs: readonly TaskTab[];
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
        <nav class="tabs" aria-label="Tasks by state">
          {tabs.map((tab) => (
            <a href={`${tab.url}#tasks`} aria-current={tab.current ? "true" : null}>
              {tab.text} {tellNumber(tab.count)}
            </a>
          ))}
        </nav>
      </div>
      <table class="tasks">
        <thead>
          <tr>
            <th>Frames</th>
            <th>Status</th>
            <th>Runner</th>
            <th>Attempt</th>
            <th>Time</th>
            <th>Why</th>
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
        <a href={`/jobs/${task.jobId}/tasks/${task.id}`}>{task.kind === "render" ? task.frames : nameOfTask(task)}</a>
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

/** Why a task or an attempt did not work out; the advice is told where there is no message. */
export function Why({ reason, message }: { reason: string; message: string | null }) {
  return (
    <>
      <b class="reason">{tellReason(reason)}</b> <span class="said">{message || adviceFor(reason)}</span>
    </>
  );
}

function tellEncoding({ step, pass, fraction, secondsLeft }: EncodingProgress): string {
  const parts = [pass === null ? step : `pass ${pass} of 2`, `${Math.floor(100 * fraction)} %`];
  if (secondsLeft !== null) parts.push(`${tellTimeLeft(secondsLeft)} left`);
  return parts.join(", ");
}

/** What a task is called that is about all frames of its job. */
export function nameOfTask({ kind, format }: Pick<Task, "kind" | "format">): string {
  return kind === "sound" ? "Sound" : format === null ? "Video" : `${VIDEO_WORDS[format]} video`;
}

/** How far a task is: frame 3 of 10, sample 64 of 128. */
export function tellProgress({ frame, done, total, sample, samples, encoding }: TaskProgress): string {
  if (encoding) return tellEncoding(encoding);
  const parts: string[] = [];
  if (total > 1) parts.push(`${done} of ${total}`);
  if (frame !== null && total > 1) parts.push(`frame ${frame}`);
  if (sample !== null && samples !== null) parts.push(`sample ${sample} of ${samples}`);
  return parts.join(", ");
}
