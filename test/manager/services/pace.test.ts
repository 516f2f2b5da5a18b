import { afterEach, beforeEach, expect, test } from "bun:test";
import { addFramesDone, getJob } from "#manager/db/jobs.ts";
import { insertFrame } from "#manager/db/outputs.ts";
import { endTask } from "#manager/services/completing.ts";
import { askForTasks } from "#manager/services/leasing.ts";
import { framesEta } from "#manager/services/pace.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { addQueuedJob, addTestRunner, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

let farm: MemoryFarm;
let id: number;

beforeEach(async () => {
  farm = await memoryFarm();
  id = addQueuedJob(farm, { frames: "1-10" });
});
afterEach(() => farm[Symbol.asyncDispose]());

const eta = () => framesEta(farm, getJob(farm.db, id)!);
const abort = new AbortController().signal;

async function take(runner: LiveRunner) {
  const [granted] = await askForTasks(farm, runner, { slots: 1, holding: [], waitMs: 0, abort });
  return async () => {
    const { id: taskId, attempt } = granted!.task;
    const frame = Number(granted!.frames);
    insertFrame(farm.db, { jobId: id, name: `f${frame}.exr`, frame, parts: 1, size: 1, sha256: "00", createdAtMs: 0 });
    addFramesDone(farm.db, id, 1);
    await endTask(farm, runner, { taskId, attempt, warnings: [], end: { kind: "completed" } });
  };
}

test("nothing is known before the first frame", async () => {
  await take(await addTestRunner(farm, "box"));
  expect(eta()).toBeNull();
});

test("the time left is that of the latest frames, and goes down as the next one is rendered", async () => {
  const runner = await addTestRunner(farm, "box");
  const complete = await take(runner);
  farm.clock.advance(60);
  await complete();
  await take(runner);
  expect(eta()).toBe(9 * 60);
  farm.clock.advance(20);
  expect(eta()).toBe(9 * 60 - 20);
});

test("between two tasks a runner still counts as at work, but not for long", async () => {
  const runner = await addTestRunner(farm, "box");
  const complete = await take(runner);
  farm.clock.advance(60);
  await complete();
  expect(eta()).toBe(9 * 60);
  farm.clock.advance(11);
  expect(eta()).toBeNull();
});

test("a second runner halves it", async () => {
  const [one, two] = [await addTestRunner(farm, "one"), await addTestRunner(farm, "two")];
  const complete = await take(one);
  farm.clock.advance(60);
  await complete();
  await take(one);
  await take(two);
  expect(eta()).toBe((9 * 60) / 2);
});
