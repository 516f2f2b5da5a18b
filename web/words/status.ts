import type { FrameState } from "#domain/frame-state.ts";
import type { JobStatus } from "#domain/job.ts";
import type { RunnerStatus } from "#domain/runner.ts";
import type { AttemptOutcome, TaskStatus } from "#domain/task.ts";

/** The look that a status has on every page: each is a colour and a shape of its own in `badge.css`. */
export type Tone = "draft" | "waiting" | "working" | "done" | "held" | "failed" | "ended";
export type Told = { text: string; tone: Tone };

export const JOB_STATUS: Record<JobStatus, Told> = {
  draft: { text: "Draft", tone: "draft" },
  queued: { text: "Queued", tone: "waiting" },
  running: { text: "Running", tone: "working" },
  paused: { text: "Paused", tone: "held" },
  completed: { text: "Completed", tone: "done" },
  failed: { text: "Failed", tone: "failed" },
  canceled: { text: "Canceled", tone: "ended" },
};

export const TASK_STATUS: Record<TaskStatus, Told> = {
  blocked: { text: "Blocked", tone: "held" },
  queued: { text: "Queued", tone: "waiting" },
  leased: { text: "Running", tone: "working" },
  completed: { text: "Completed", tone: "done" },
  failed: { text: "Failed", tone: "failed" },
  canceled: { text: "Canceled", tone: "ended" },
};

export const ATTEMPT_OUTCOME: Record<AttemptOutcome, Told> = {
  running: { text: "Running", tone: "working" },
  completed: { text: "Completed", tone: "done" },
  failed: { text: "Failed", tone: "failed" },
  returned: { text: "Given back", tone: "ended" },
  lost: { text: "Runner lost", tone: "failed" },
  canceled: { text: "Canceled", tone: "ended" },
};

export const RUNNER_STATUS: Record<RunnerStatus, Told> = {
  online: { text: "Idle", tone: "done" },
  offline: { text: "Offline", tone: "ended" },
  draining: { text: "Draining", tone: "held" },
  disabled: { text: "Disabled", tone: "failed" },
};

/** What a runner that works is told to be, whatever else it is. */
export const RUNNER_BUSY: Told = { text: "Busy", tone: "working" };

/** What a frame is, in the order in which it is told. */
export const FRAME_WORDS: Record<FrameState, string> = {
  done: "done",
  working: "running",
  failed: "failed",
  waiting: "waiting",
  ended: "not rendered",
};
