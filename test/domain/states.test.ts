import { describe, expect, test } from "bun:test";
import { canJobBecome, isJobEnded, JOB_STATUSES, JOB_TRANSITIONS } from "#domain/job.ts";
import { TASK_STATUSES, TASK_TRANSITIONS } from "#domain/task.ts";

test("every status that can be reached is itself a status", () => {
  for (const next of Object.values(JOB_TRANSITIONS).flat()) expect(JOB_STATUSES).toContain(next);
  for (const next of Object.values(TASK_TRANSITIONS).flat()) expect(TASK_STATUSES).toContain(next);
});

describe("a job", () => {
  test("that has ended goes on only by a retry, a new upload, or a video asked for afterwards", () => {
    expect(JOB_STATUSES.filter(isJobEnded)).toEqual(["completed", "failed", "canceled"]);
    expect(JOB_TRANSITIONS.completed).toEqual(["running"]);
    expect(JOB_TRANSITIONS.canceled).toEqual(["queued"]);
  });

  test("cannot be paused before it is queued", () => {
    expect(canJobBecome("draft", "paused")).toBe(false);
    expect(canJobBecome("running", "paused")).toBe(true);
  });
});

test("a completed task is at its end", () => {
  expect(TASK_TRANSITIONS.completed).toEqual([]);
});
