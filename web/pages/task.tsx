import type { FailureReason } from "#domain/failure.ts";
import type { Job } from "#domain/job.ts";
import type { AttemptOutcome } from "#domain/task.ts";
import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "#web/chrome.ts";
import { Badge } from "#web/components/badge.tsx";
import { Live } from "#web/components/live.tsx";
import { Moment, Since } from "#web/components/moment.tsx";
import { Notice } from "#web/components/notice.tsx";
import { Log, type LogPiece } from "#web/fragments/log.tsx";
import { nameOfTask, tellProgress, Why, type TaskRow } from "#web/fragments/task-table.tsx";
import { Layout } from "#web/layout.tsx";
import { tellDuration } from "#web/words/duration.ts";
import { adviceFor } from "#web/words/failure.ts";
import { ATTEMPT_OUTCOME, TASK_STATUS } from "#web/words/status.ts";

export type AttemptRow = {
  attempt: number;
  runnerName: string;
  outcome: AttemptOutcome;
  reason: FailureReason | null;
  message: string | null;
  startedAtMs: number;
  endedAtMs: number | null;
};

export type TaskShown = { job: Job; task: TaskRow; attempts: readonly AttemptRow[] };

export type LogShown = {
  attempt: number;
  piece: LogPiece;
  /** The next part, for those whose browser does not follow. */
  laterUrl: string | null;
};

/** One task: its attempts, and what Blender said in one of them. */
export function TaskPage({
  chrome,
  shown,
  live,
  log,
}: {
  chrome: Chrome;
  shown: TaskShown;
  live: Child;
  log: LogShown | null;
}) {
  const { job, task } = shown;
  return (
    <Layout chrome={chrome} title={`${taskName(task)} of ${job.name}`}>
      <p class="crumbs">
        <a href="/jobs">Jobs</a>
        <a href={`/jobs/${job.id}`}>{job.name}</a>
      </p>
      <h1>{taskName(task)}</h1>
      <Live content={live} />
      {log && <AttemptLog log={log} />}
    </Layout>
  );
}

/** What a task is called. */
export function taskName(task: TaskRow): string {
  if (task.kind !== "render") return nameOfTask(task);
  return /^\d+$/.test(task.frames) ? `Frame ${task.frames}` : `Frames ${task.frames}`;
}

/** The part of the page that changes. */
export function TaskContent({ job, task, attempts }: TaskShown) {
  const advice = task.reason === null ? null : adviceFor(task.reason);
  return (
    <>
      <p class="standing">
        <Badge told={TASK_STATUS[task.status]} />
        {task.progress && <span>{tellProgress(task.progress)}</span>}
      </p>
      {task.reason && (
        <Notice kind={task.status === "failed" ? "bad" : "warn"}>
          <p>
            <Why reason={task.reason} message={task.message} />
          </p>
          {task.message && advice && <p>{advice}</p>}
        </Notice>
      )}
      {attempts.length === 0 && <p class="hint">No runner has taken it yet.</p>}
      {attempts.length > 0 && (
        <table class="attempts">
          <thead>
            <tr>
              <th>Attempt</th>
              <th>Runner</th>
              <th>Outcome</th>
              <th>Started</th>
              <th>Time</th>
              <th>Why</th>
            </tr>
          </thead>
          <tbody>
            {attempts.map((attempt) => (
              <AttemptLine attempt={attempt} url={`/jobs/${job.id}/tasks/${task.id}?attempt=${attempt.attempt}`} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function AttemptLine({ attempt, url }: { attempt: AttemptRow; url: string }) {
  const { startedAtMs, endedAtMs } = attempt;
  return (
    <tr>
      <th scope="row">
        <a href={`${url}#log`}>Attempt {attempt.attempt}</a>
      </th>
      <td>{attempt.runnerName}</td>
      <td>
        <Badge told={ATTEMPT_OUTCOME[attempt.outcome]} />
      </td>
      <td class="number">
        <Moment atMs={startedAtMs} />
      </td>
      <td class="number">
        {endedAtMs === null ? <Since atMs={startedAtMs} /> : tellDuration((endedAtMs - startedAtMs) / 1000)}
      </td>
      <td>{attempt.reason && <Why reason={attempt.reason} message={attempt.message} />}</td>
    </tr>
  );
}

function AttemptLog({ log: { attempt, piece, laterUrl } }: { log: LogShown }) {
  return (
    <section aria-labelledby="log-heading">
      <h2 id="log-heading">Log of attempt {attempt}</h2>
      <Log piece={piece} />
      {laterUrl !== null && (
        <p class="hint without-script">
          <a href={`${laterUrl}#log`}>Read on</a>
        </p>
      )}
    </section>
  );
}
