import { describe, expect, test } from "bun:test";
import { insertStoredBlender } from "#manager/db/blender-versions.ts";
import { listWarnings } from "#manager/db/job-warnings.ts";
import { getJob } from "#manager/db/jobs.ts";
import { endTask } from "#manager/services/completing.ts";
import { blenderOfJob } from "#manager/services/blender-choice.ts";
import { noteBlenderWaits } from "#manager/services/blender-use.ts";
import { changeSettings } from "#manager/services/changing-settings.ts";
import { askForTasks, type GrantedTask } from "#manager/services/leasing.ts";
import { hearFrom, setLiveness } from "#manager/services/runner-liveness.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { addQueuedJob, addTestRunner, addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

const store = (farm: MemoryFarm, version: string) =>
  insertStoredBlender(farm.db, {
    version,
    size: 10,
    sha256: "ab",
    unpackedBytes: 30,
    abilities: null,
    addedAtMs: farm.clock.nowMs(),
  });

const ask = (farm: MemoryFarm, runner: LiveRunner, slots = 1): Promise<GrantedTask[]> =>
  askForTasks(farm, runner, { slots, holding: [], waitMs: 0, abort: new AbortController().signal });

const blenderOf = (farm: MemoryFarm, jobId: number) => blenderOfJob(farm, getJob(farm.db, jobId)!);

describe("the Blender of a job", () => {
  test("is told with its reason before the job starts", async () => {
    await using farm = await memoryFarm();
    store(farm, "3.4.1");
    store(farm, "4.3.2");
    const job = addQueuedJob(farm, { fileVersion: "3.4" });
    expect(blenderOf(farm, job)).toEqual({
      version: "3.4.1",
      kind: "same",
      reason: "Blender 3.4.1, the newest 3.4 here; the file was saved by 3.4.",
      warning: null,
    });
    await changeSettings(farm, { "blender-default": "4.3" });
    expect(blenderOf(farm, job)).toMatchObject({ version: "4.3.2", kind: "pinned" });
  });

  test("is one that some runner can use, also where storage has a nearer one that none can fetch", async () => {
    await using farm = await memoryFarm();
    store(farm, "3.4.1");
    await addTestRunner(farm, "a", { blender: "4.3.2" });
    const job = addQueuedJob(farm, { fileVersion: "3.4" });
    expect(blenderOf(farm, job)?.version).toBe("4.3.2");
    await addTestRunner(farm, "b", { blender: null, fetchesBlender: true });
    expect(blenderOf(farm, job)?.version).toBe("3.4.1");
  });

  test("is not that of another user's own runner", async () => {
    await using farm = await memoryFarm();
    await addTestRunner(farm, "hers", { blender: "3.4.1", ownerId: addTestUser(farm, "ann@x") });
    expect(blenderOf(farm, addQueuedJob(farm, { userId: addTestUser(farm, "ben@x") }))?.version).toBeNull();
  });

  test("is the same for all its frames, whatever comes meanwhile, until it is not there any more", async () => {
    await using farm = await memoryFarm();
    const first = await addTestRunner(farm, "first", { blender: "4.3.2" });
    const job = addQueuedJob(farm, { fileVersion: "4.2" });
    expect((await ask(farm, first))[0]).toMatchObject({ blenderVersion: "4.3.2" });
    expect(listWarnings(farm.db, job)).toEqual([
      { code: "other_blender", message: expect.stringContaining("small differences") as string },
    ]);
    const second = await addTestRunner(farm, "second", { blender: "4.2.1" });
    expect(await ask(farm, second)).toEqual([]);
    await setLiveness(farm, first, "offline");
    expect((await ask(farm, second))[0]).toMatchObject({ blenderVersion: "4.2.1" });
  });
});

describe("a runner that lacks a job's Blender", () => {
  test("fetches it where the farm keeps it", async () => {
    await using farm = await memoryFarm();
    store(farm, "4.3.2");
    const runner = await addTestRunner(farm, "a", { fetchesBlender: true });
    addQueuedJob(farm, { fileVersion: "4.3" });
    expect((await ask(farm, runner))[0]).toMatchObject({
      blenderVersion: "4.3.2",
      blender: { version: "4.3.2", size: 10, sha256: "ab" },
    });
  });

  test("gets no task of it when it does not start there", async () => {
    await using farm = await memoryFarm();
    store(farm, "4.3.2");
    const runner = await addTestRunner(farm, "a", { fetchesBlender: true });
    runner.capabilities.brokenBlenders = ["4.3.2"];
    addQueuedJob(farm, { fileVersion: "4.3" });
    expect(await ask(farm, runner)).toEqual([]);
  });

  test("leaves its tasks to those that have it while enough of them ask for work", async () => {
    await using farm = await memoryFarm();
    store(farm, "4.3.2");
    const has = await addTestRunner(farm, "has", { blender: "4.3.2", fetchesBlender: true });
    const lacks = await addTestRunner(farm, "lacks", { fetchesBlender: true });
    addQueuedJob(farm, { fileVersion: "4.3", frames: "1" });
    expect(await ask(farm, lacks)).toEqual([]);
    expect(await ask(farm, has)).toHaveLength(1);
  });

  test("takes them when there are more than those can take at once", async () => {
    await using farm = await memoryFarm();
    store(farm, "4.3.2");
    await addTestRunner(farm, "has", { blender: "4.3.2" });
    const lacks = await addTestRunner(farm, "lacks", { fetchesBlender: true });
    addQueuedJob(farm, { fileVersion: "4.3", frames: "1-2" });
    expect(await ask(farm, lacks)).toHaveLength(1);
  });

  test("takes them when those that have it do not ask, or have failed", async () => {
    await using farm = await memoryFarm();
    store(farm, "4.3.2");
    const has = await addTestRunner(farm, "has", { blender: "4.3.2" });
    const lacks = await addTestRunner(farm, "lacks", { fetchesBlender: true });
    addQueuedJob(farm, { fileVersion: "4.3", frames: "1" });
    expect(await ask(farm, lacks)).toEqual([]);
    const failed = (await ask(farm, has))[0]!;
    const end = { kind: "failed", reason: "blender_crashed", message: "" } as const;
    await endTask(farm, has, { taskId: failed.task.id, attempt: failed.task.attempt, warnings: [], end });
    expect(await ask(farm, lacks)).toHaveLength(1);

    addQueuedJob(farm, { fileVersion: "4.3", frames: "1", priority: 100 });
    await hearFrom(farm, has);
    farm.clock.advance(7);
    expect(await ask(farm, lacks, 2)).toHaveLength(2);
  });
});

describe("a job that no Blender fits", () => {
  test("says what it waits for, and starts by itself when there is one", async () => {
    await using farm = await memoryFarm();
    const runner = await addTestRunner(farm, "a", { fetchesBlender: true });
    const job = addQueuedJob(farm, { fileVersion: "4.3" });
    await noteBlenderWaits(farm);
    expect(getJob(farm.db, job)).toMatchObject({
      status: "queued",
      reason: "blender_unavailable",
      message: expect.stringMatching(/saved by Blender 4.3.*has 3.4.1 now; the job starts by itself/) as string,
    });
    expect(await ask(farm, runner)).toEqual([]);
    store(farm, "4.3.2");
    await noteBlenderWaits(farm);
    expect(getJob(farm.db, job)).toMatchObject({ reason: null, message: null });
    expect(await ask(farm, runner)).toHaveLength(1);
  });

  test("waits no longer in anybody's eyes when it is leased before that was noted", async () => {
    await using farm = await memoryFarm();
    const runner = await addTestRunner(farm, "a", { fetchesBlender: true });
    const job = addQueuedJob(farm, { fileVersion: "4.3", frames: "1" });
    await noteBlenderWaits(farm);
    store(farm, "4.3.2");
    await ask(farm, runner);
    expect(getJob(farm.db, job)).toMatchObject({ status: "running", reason: null, message: null });
  });

  test("may ask for a version that is not there", async () => {
    await using farm = await memoryFarm();
    await addTestRunner(farm, "a");
    const job = addQueuedJob(farm, { fileVersion: "3.4", blenderVersion: "3.6" });
    await noteBlenderWaits(farm);
    expect(getJob(farm.db, job)?.message).toMatch(/asks for Blender 3.6. The farm has 3.4.1 now/);
  });
});
