import { expect, test } from "bun:test";
import { afterFailure, FAILURE_REASONS, FAILURES } from "#domain/failure.ts";

test("a crash gets three tries, then the task fails and the job goes on", () => {
  expect([1, 2, 3].map((failures) => afterFailure("blender_crashed", failures))).toEqual([
    "requeue",
    "requeue",
    "fail_task",
  ]);
});

test("what no machine can better fails the job at once", () => {
  expect(afterFailure("no_camera", 1)).toBe("fail_job");
  expect(afterFailure("missing_files", 1)).toBe("fail_job");
});

test("a file that cannot be opened gets one try elsewhere", () => {
  expect([1, 2].map((failures) => afterFailure("load_failed", failures))).toEqual(["requeue", "fail_job"]);
});

test("every reason has a sentence of advice", () => {
  for (const reason of FAILURE_REASONS) expect(FAILURES[reason].advice).toMatch(/^[A-Z].{20,}\.$/);
});
