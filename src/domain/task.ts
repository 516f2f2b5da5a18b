import type { FailureReason } from "./failure.ts";
import type { VideoFormat } from "./video.ts";

/**
 * Where a task may go next. Only a completed task is at its end; retry queues the others again. An `encode` task is blocked until every
 * frame and the sound are there.
 *
 *     blocked ──► queued ──► leased ──► completed
 *                   ▲          └─────► failed ──► queued (retry)
 *                   └── lease lost or given back, or failed with tries left
 *     blocked, queued, leased ──► canceled ──► queued (retry)
 */
export const TASK_TRANSITIONS = {
  blocked: ["queued", "canceled"],
  queued: ["leased", "canceled"],
  leased: ["completed", "failed", "queued", "canceled"],
  completed: [],
  failed: ["queued"],
  canceled: ["queued", "blocked"],
} as const satisfies Record<string, readonly string[]>;

export type TaskStatus = keyof typeof TASK_TRANSITIONS;

export const TASK_STATUSES = Object.keys(TASK_TRANSITIONS) as TaskStatus[];

/** `render` makes frames, `sound` mixes what is heard, `encode` makes a video of both. */
export const TASK_KINDS = ["render", "encode", "sound"] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export type Task = {
  id: number;
  jobId: number;
  kind: TaskKind;
  /** Of which format the video is that an `encode` task makes; null for the other kinds. */
  format: VideoFormat | null;
  status: TaskStatus;
  /** The frames of the task, written as `formatFrames` does: those that it makes, or of which it makes a video. */
  frames: string;
  /** Place in the job's order: the first, the middle and the last frame come before the rest. */
  rank: number;
  /** A fence that grows with every lease and never goes back; 0 before the first. */
  attempt: number;
  runnerId: number | null;
  /** Typed failures since the task was planned or retried. */
  failures: number;
  /** Leases lost with their runner since the task was planned or retried. */
  losses: number;
  reason: FailureReason | null;
  message: string | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
};

/**
 * How one lease of a task went: `running` while it is held; `returned` when the runner gave it back or was superseded,
 * `lost` when the runner vanished, `canceled` when the user ended the task.
 */
export const ATTEMPT_OUTCOMES = ["running", "completed", "failed", "returned", "lost", "canceled"] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Names one lease of one task on the wire: `<task id>.<attempt>`. */
export function leaseName(taskId: number, attempt: number): string {
  return `${taskId}.${attempt}`;
}
