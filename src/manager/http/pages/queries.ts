import { t } from "elysia";
import type { TaskStatus } from "#domain/task.ts";

const whole = t.Numeric({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 });

/** A page of a list that begins after `cursor`. */
export const cursorQuery = t.Object({ cursor: t.Optional(whole) });

/** The states of tasks that can be shown alone. */
const SHOWN_STATES = [
  "leased",
  "queued",
  "blocked",
  "failed",
  "completed",
  "canceled",
] as const satisfies readonly TaskStatus[];

/** What of a job is shown: which page of its frames, and its tasks in which state and after which id. */
export const jobQuery = t.Object({
  frames: t.Optional(whole),
  tasks: t.Optional(whole),
  show: t.Optional(t.Union(SHOWN_STATES.map((state) => t.Literal(state)))),
});

/** Whose log of a task, and from which byte on. */
export const logQuery = t.Object({ attempt: t.Optional(whole), after: t.Optional(whole) });

export const frameParams = t.Object({
  id: t.Numeric({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 }),
  frame: whole,
});
