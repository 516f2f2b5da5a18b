import { expect, test } from "bun:test";
import { RunnerTable, type RunnerRow } from "#web/fragments/runner-table.tsx";
import { aRunner } from "../support/fixtures.ts";
import { find, textOf } from "../support/parse.ts";

const table = (change: Partial<RunnerRow> = {}) => String(<RunnerTable runners={[aRunner(change)]} />);

test("a runner shows its machine and what it works on", () => {
  const text = textOf(table());
  for (const fact of ["box", "Busy", "Harbour Frame 12", "4.3.2", "64 cores", "256 GB", "RTX 4090 (OPTIX)", "1,234"])
    expect(text).toContain(fact);
});

test("what a runner works on is the job, and below it the frame with how far that is", () => {
  const progress = { frame: 12, done: 0, total: 1, sample: 64, samples: 256, memoryBytes: null, encoding: null };
  const work = [{ jobId: 7, jobName: "Harbour", taskId: 70, frames: "12", progress }];
  expect(table({ work })).toContain("Frame 12</a> · sample 64 of 256</span>");
});

test("a runner without work is idle", () => {
  expect(textOf(table({ work: [] }))).toContain("Idle");
});

test("when a runner was last seen is told only once it is gone, so that the page does not change with every heartbeat", () => {
  expect(find(table(), "time")).toEqual([]);
  expect(find(table({ status: "offline", work: [] }), "time")).toHaveLength(1);
});
