import type { FailureReason } from "#domain/failure.ts";
import type { AttemptOutcome, TaskKind } from "#domain/task.ts";
import { Badge } from "#web/components/badge.tsx";
import { Moment, Since } from "#web/components/moment.tsx";
import { tellDuration } from "#web/words/duration.ts";
import { ATTEMPT_OUTCOME } from "#web/words/status.ts";
import { Why } from "./task-table.tsx";

/** What a runner was at. */
export type AttemptOfRunner = {
  taskId: number;
  attempt: number;
  jobId: number;
  jobName: string;
  kind: TaskKind;
  frames: string;
  outcome: AttemptOutcome;
  reason: FailureReason | null;
  message: string | null;
  startedAtMs: number;
  endedAtMs: number | null;
};

/** What a runner was at last, the newest first. */
export function AttemptList({ attempts }: { attempts: readonly AttemptOfRunner[] }) {
  return (
    <table class="attempts runner-attempts">
      <thead>
        <tr>
          <th>Job</th>
          <th>Task</th>
          <th>Outcome</th>
          <th>Started</th>
          <th>Time</th>
          <th>Why</th>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt) => (
          <Row attempt={attempt} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ attempt }: { attempt: AttemptOfRunner }) {
  const { jobId, taskId, startedAtMs, endedAtMs, reason, message } = attempt;
  return (
    <tr>
      <th scope="row">
        <a href={`/jobs/${jobId}`}>{attempt.jobName}</a>
      </th>
      <td>
        <a href={`/jobs/${jobId}/tasks/${taskId}?attempt=${attempt.attempt}#log`}>{nameOf(attempt)}</a>
      </td>
      <td>
        <Badge told={ATTEMPT_OUTCOME[attempt.outcome]} />
      </td>
      <td class="number" data-label="Started">
        <Moment atMs={startedAtMs} />
      </td>
      <td class="number">
        {endedAtMs === null ? <Since atMs={startedAtMs} /> : tellDuration((endedAtMs - startedAtMs) / 1000)}
      </td>
      <td>{reason && <Why reason={reason} message={message} />} </td>
    </tr>
  );
}

function nameOf({ kind, frames }: AttemptOfRunner): string {
  if (kind !== "render") return kind.charAt(0).toUpperCase() + kind.slice(1);
  return /^\d+$/.test(frames) ? `Frame ${frames}` : `Frames ${frames}`;
}
