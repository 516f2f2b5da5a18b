import { t } from "elysia";
import type { TaskStatus } from "#domain/task.ts";
import { LISTED_STATES } from "#manager/services/job-lists.ts";
import { oneOf } from "#protocol/one-of.ts";

const whole = t.Numeric({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 });

/** Which jobs are listed: those in a state, whose name or file has `q` in it, and which page of them. */
export const jobsQuery = t.Object({
  state: t.Optional(oneOf(LISTED_STATES)),
  q: t.Optional(t.String({ maxLength: 200 })),
  page: t.Optional(whole),
});

/** Which page of a list, counted from 1. */
export const pageQuery = t.Object({ page: t.Optional(whole) });

/** The states of tasks that can be shown alone. */
const SHOWN_STATES = [
  "all",
  "leased",
  "queued",
  "blocked",
  "failed",
  "completed",
  "canceled",
] as const satisfies readonly (TaskStatus | "all")[];

/** What of a job is shown: which page of its frames, or the one that a frame is on; its tasks in which state and after which id; the log of which task. */
export const jobQuery = t.Object({
  frames: t.Optional(whole),
  at: t.Optional(whole),
  tasks: t.Optional(whole),
  show: t.Optional(t.Union(SHOWN_STATES.map((state) => t.Literal(state)))),
  log: t.Optional(whole),
});

/** How far the log of a job has been read, and whether whoever reads it waits for the job to go on. */
export const jobLogQuery = t.Object({
  task: t.Optional(whole),
  attempt: t.Optional(whole),
  after: t.Optional(whole),
  waits: t.Optional(oneOf(["true"])),
});

/** Whose log of a task, and from which byte on. */
export const logQuery = t.Object({ attempt: t.Optional(whole), after: t.Optional(whole) });
