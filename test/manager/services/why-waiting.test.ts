import { afterEach, beforeEach, expect, test } from "bun:test";
import { getJob } from "#manager/db/jobs.ts";
import { pauseJob } from "#manager/services/job-control.ts";
import { askForTasks } from "#manager/services/leasing.ts";
import { whyWaiting } from "#manager/services/why-waiting.ts";
import { addQueuedJob, addTestRunner, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

let farm: MemoryFarm;
let id: number;

beforeEach(async () => {
  farm = await memoryFarm();
  id = addQueuedJob(farm);
});
afterEach(() => farm[Symbol.asyncDispose]());

const why = (of = id) => whyWaiting(farm, getJob(farm.db, of)!);

test("a job waits for the first runner of all, then for one that is offline or disabled", async () => {
  expect(why()).toEqual({ kind: "no_runner" });
  const runner = await addTestRunner(farm, "box");
  runner.status = "offline";
  expect(why()).toEqual({ kind: "offline", runners: 1 });
  runner.status = "disabled";
  expect(why()).toEqual({ kind: "disabled", runners: 1 });
});

test("a job that a runner will take at once does not wait", async () => {
  await addTestRunner(farm, "box");
  expect(why()).toBeNull();
});

test("a job waits for a Blender that may open its file, and says which", async () => {
  await addTestRunner(farm, "box");
  const newer = addQueuedJob(farm, { fileVersion: "5.2" });
  expect(why(newer)).toMatchObject({ kind: "no_blender", reason: expect.stringContaining("5.2") });
});

test("a job waits while those that could take it work on others, and not while it runs itself", async () => {
  const runner = await addTestRunner(farm, "box");
  const abort = new AbortController().signal;
  const [granted] = await askForTasks(farm, runner, { slots: 1, holding: [], waitMs: 0, abort });
  const other = addQueuedJob(farm);
  expect(granted!.job.id).toBe(id);
  expect(why()).toBeNull();
  expect(why(other)).toEqual({ kind: "busy", runners: 1 });
});

test("a paused job says that it is paused", async () => {
  await pauseJob(farm, id);
  expect(why()).toEqual({ kind: "paused" });
});

test("runners of other users do not count", async () => {
  const mine = addQueuedJob(farm);
  const runner = await addTestRunner(farm, "box");
  runner.ownerId = 99;
  expect(why(mine)).toEqual({ kind: "no_runner" });
});
