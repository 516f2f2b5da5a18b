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
import { tellProgress, Why, type TaskRow } from "#web/fragments/task-table.tsx";
import { Layout } from "#web/layout.tsx";
import { tellDuration } from "#web/words/duration.ts";
import { ATTEMPT_OUTCOME, TASK_STATUS } from "#web/words/status.ts";
import { taskName } from "#web/words/task.ts";

export type AttemptRow = {
  attempt: number;
  runnerName: string;
  outcome: AttemptOutcome;
  reason: FailureReason | null;
  message: string | null;
  startedAtMs: number;
  endedAtMs: number | null;
};

export type TaskShown = {
  job: Job;
  task: TaskRow;
  attempts: readonly AttemptRow[];
  /** Null before the first attempt. */
  log: LogShown | null;
};

export type LogShown = {
  attempt: number;
  /** All of it as a file. */
  textUrl: string;
  piece: LogPiece;
  /** The next part, for those whose browser does not follow. */
  laterUrl: string | null;
};

/** One task: its attempts, and what Blender said in one of them. */
export function TaskPage({ chrome, shown, live }: { chrome: Chrome; shown: TaskShown; live: Child }) {
  const { job, task } = shown;
  return (
    <Layout chrome={chrome} title={`${taskName(task)} of ${job.name}`}>
      <p class="crumbs">
        <a href="/jobs">Jobs</a>
        <a href={`/jobs/${job.id}`}>{job.name}</a>
      </p>
      <h1>{taskName(task)}</h1>
      <Live content={live} />
    </Layout>
  );
}

/** The part of the page that changes. */
export function TaskContent({ job, task, attempts, log }: TaskShown) {
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
        </Notice>
      )}
      {attempts.length === 0 && <p class="hint">No runner has taken it yet.</p>}
      {attempts.length > 0 && (
        <table class="attempts">
          <thead>
            <tr>
              <th scope="col">Attempt</th>
              <th scope="col">Runner</th>
              <th scope="col">Outcome</th>
              <th scope="col">Started</th>
              <th scope="col">Time</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {attempts.map((attempt) => (
              <AttemptLine attempt={attempt} url={`/jobs/${job.id}/tasks/${task.id}?attempt=${attempt.attempt}`} />
            ))}
          </tbody>
        </table>
      )}
      {log && <AttemptLog log={log} />}
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

/** Its content is `logs.js`'s and htmx's own: news of the task leave it, and where its reader is, as it is. */
function AttemptLog({ log: { attempt, piece, laterUrl, textUrl } }: { log: LogShown }) {
  return (
    <section id="log" aria-label="Log">
      <div class="attempt-log" id={`log-of-${attempt}`} data-own>
        <div class="heading">
          <h2>Log of attempt {attempt}</h2>
          <p class="sub">
            <button type="button" class="quiet with-script" data-to-end hidden>
              Follow the end
            </button>
            <a href={textUrl}>As a text file</a>
          </p>
        </div>
        <Log piece={piece} />
        {laterUrl !== null && (
          <p class="hint without-script">
            <a href={`${laterUrl}#log`}>Read on</a>
          </p>
        )}
      </div>
    </section>
  );
}
