import { describe, expect, test } from "bun:test";
import { LEASE_SECONDS } from "#domain/lease.ts";
import { getJob } from "#manager/db/jobs.ts";
import { insertFrame } from "#manager/db/outputs.ts";
import { getTask } from "#manager/db/tasks.ts";
import { endTask } from "#manager/services/completing.ts";
import { askForTasks, type GrantedTask } from "#manager/services/leasing.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { forgiveStall, heartbeat, reap, sayGoodbye } from "#manager/services/runners.ts";
import { rebuildMemory } from "#manager/services/rebuild.ts";
import { cancelJob, pauseJob, resumeJob, retryJob } from "#manager/services/job-control.ts";
import { addQueuedJob, addTestRunner, addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

const ask = (
  farm: MemoryFarm,
  runner: LiveRunner,
  more: { slots?: number; holding?: { id: number; attempt: number }[]; waitMs?: number; abort?: AbortSignal } = {},
) => askForTasks(farm, runner, { slots: 1, holding: [], waitMs: 0, abort: new AbortController().signal, ...more });

const one = async (farm: MemoryFarm, runner: LiveRunner): Promise<GrantedTask> => (await ask(farm, runner))[0]!;

const file = (farm: MemoryFarm, jobId: number, frame: number): number | null =>
  insertFrame(farm.db, {
    jobId,
    name: `frame_${frame}.exr`,
    frame,
    parts: 1,
    size: 1,
    sha256: "00",
    createdAtMs: farm.clock.nowMs(),
  });

const fail = (
  farm: MemoryFarm,
  runner: LiveRunner,
  granted: GrantedTask,
  reason: "blender_crashed" | "no_camera" | "load_failed" = "blender_crashed",
) =>
  endTask(farm, runner, {
    taskId: granted.task.id,
    attempt: granted.task.attempt,
    warnings: [],
    end: { kind: "failed", reason, message: "it crashed" },
  });

const complete = async (farm: MemoryFarm, runner: LiveRunner, granted: GrantedTask) => {
  for (const frame of granted.frames.split(",").map(Number)) file(farm, granted.job.id, frame);
  await endTask(farm, runner, {
    taskId: granted.task.id,
    attempt: granted.task.attempt,
    warnings: [],
    end: { kind: "completed" },
  });
};

describe("asking for tasks", () => {
  test("gives the first, the middle and the last frame first", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm, { frames: "1-9" });
    const runner = await addTestRunner(farm, "a");
    const granted = await ask(farm, runner, { slots: 5 });
    expect(granted.map((task) => task.frames)).toEqual(["1", "5", "9", "2", "3"]);
    expect(granted[0]).toMatchObject({ kind: "render", blenderVersion: "3.4.1" });
  });

  test("gives again what the runner holds and did not list, because that answer was lost", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm);
    const runner = await addTestRunner(farm, "a");
    const first = await one(farm, runner);
    const again = await one(farm, runner);
    expect([again.task.id, again.task.attempt]).toEqual([first.task.id, first.task.attempt]);
    const next = await ask(farm, runner, { holding: [{ id: first.task.id, attempt: first.task.attempt }] });
    expect(next[0]!.task.id).not.toBe(first.task.id);
  });

  test("waits until there is work, and then answers at once", async () => {
    await using farm = await memoryFarm();
    const runner = await addTestRunner(farm, "a");
    const asked = ask(farm, runner, { waitMs: 60_000 });
    addQueuedJob(farm);
    expect(await asked).toHaveLength(1);
  });

  test("ends when the runner hangs up", async () => {
    await using farm = await memoryFarm();
    const runner = await addTestRunner(farm, "a");
    const hangUp = new AbortController();
    const asked = ask(farm, runner, { waitMs: 60_000, abort: hangUp.signal });
    hangUp.abort();
    expect(await asked).toEqual([]);
  });

  test("gives a runner of a user's key only that user's jobs", async () => {
    await using farm = await memoryFarm();
    const [ann, ben] = [addTestUser(farm, "ann@x"), addTestUser(farm, "ben@x")];
    const hers = addQueuedJob(farm, { userId: ann });
    addQueuedJob(farm, { userId: ben, priority: 50 });
    const runner = await addTestRunner(farm, "a", { ownerId: ann });
    const granted = await ask(farm, runner, { slots: 16 });
    expect(new Set(granted.map((task) => task.job.id))).toEqual(new Set([hers]));
  });

  test("gives no job whose file the runner's Blender may not open", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm, { fileVersion: "4.3" });
    expect(await ask(farm, await addTestRunner(farm, "old", { blender: "3.4.1" }))).toEqual([]);
    expect(await ask(farm, await addTestRunner(farm, "new", { blender: "5.2.2" }))).toHaveLength(1);
  });
});

describe("the next task is", () => {
  test("of the job with the highest priority", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm, { priority: 50 });
    const urgent = addQueuedJob(farm, { priority: 80 });
    expect((await one(farm, await addTestRunner(farm, "a"))).job.id).toBe(urgent);
  });

  test("of the user with the fewest leases, also when many are given at once", async () => {
    await using farm = await memoryFarm();
    const [ann, ben] = [addTestUser(farm, "ann@x"), addTestUser(farm, "ben@x")];
    const hers = addQueuedJob(farm, { userId: ann });
    const his = addQueuedJob(farm, { userId: ben });
    const granted = await ask(farm, await addTestRunner(farm, "a"), { slots: 4 });
    expect(granted.map((task) => task.job.id)).toEqual([hers, his, hers, his]);
  });

  test("of the oldest job of one user", async () => {
    await using farm = await memoryFarm();
    const first = addQueuedJob(farm, { frames: "1" });
    const second = addQueuedJob(farm, { frames: "1" });
    const granted = await ask(farm, await addTestRunner(farm, "a"), { slots: 2 });
    expect(granted.map((task) => task.job.id)).toEqual([first, second]);
  });
});

describe("a lease", () => {
  test("is lost after 15 seconds without a heartbeat, and its task goes to another runner with the next attempt", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1" });
    const [a, b] = [await addTestRunner(farm, "a"), await addTestRunner(farm, "b")];
    const { task } = await one(farm, a);
    farm.clock.advance(LEASE_SECONDS - 0.1);
    await reap(farm);
    expect(getTask(farm.db, task.id)?.status).toBe("leased");
    farm.clock.advance(0.2);
    await reap(farm);
    expect(getTask(farm.db, task.id)?.status).toBe("queued");
    expect(a.status).toBe("offline");
    expect((await one(farm, b)).task.attempt).toBe(2);
    expect(getJob(farm.db, jobId)?.status).toBe("running");
  });

  test("lives on with every heartbeat", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm, { frames: "1" });
    const runner = await addTestRunner(farm, "a");
    const { task } = await one(farm, runner);
    for (let beat = 0; beat < 10; beat++) {
      farm.clock.advance(5);
      await heartbeat(farm, runner, {
        tasks: [{ id: task.id, attempt: task.attempt, progress: null }],
        draining: false,
      });
      await reap(farm);
    }
    expect(getTask(farm.db, task.id)?.status).toBe("leased");
  });

  test("outlives a stall of the manager", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm, { frames: "1" });
    const runner = await addTestRunner(farm, "a");
    const { task } = await one(farm, runner);
    farm.clock.advance(300);
    forgiveStall(farm, 300_000);
    await reap(farm);
    expect(getTask(farm.db, task.id)?.status).toBe("leased");
    expect(runner.status).toBe("online");
  });

  test("gets its full time again after a restart of the manager", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm, { frames: "1" });
    const runner = await addTestRunner(farm, "a");
    const { task } = await one(farm, runner);
    farm.leases.drop(task.id);
    farm.clock.advance(1000);
    rebuildMemory(farm);
    expect(farm.leases.get(task.id)?.deadlineMs).toBe(farm.clock.monotonicMs() + LEASE_SECONDS * 1000);
  });

  test("of an older attempt is over for whoever asks", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm, { frames: "1" });
    const [a, b] = [await addTestRunner(farm, "a"), await addTestRunner(farm, "b")];
    const old = await one(farm, a);
    farm.clock.advance(LEASE_SECONDS + 1);
    await reap(farm);
    await one(farm, b);
    await expect(fail(farm, a, old)).rejects.toMatchObject({ code: "lease_lost" });
    const answer = await heartbeat(farm, a, {
      tasks: [{ id: old.task.id, attempt: 1, progress: null }],
      draining: false,
    });
    expect(answer.abandon.map(({ id, attempt }) => [id, attempt])).toEqual([[old.task.id, 1]]);
  });

  test("that is lost when all its frames are filed is a completed task", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1" });
    const { task } = await one(farm, await addTestRunner(farm, "a"));
    file(farm, jobId, 1);
    farm.clock.advance(LEASE_SECONDS + 1);
    await reap(farm);
    expect(getTask(farm.db, task.id)?.status).toBe("completed");
    expect(getJob(farm.db, jobId)?.status).toBe("completed");
  });

  test("leaves out the frames that are filed already", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1-5", framesPerTask: 5 });
    const [a, b] = [await addTestRunner(farm, "a"), await addTestRunner(farm, "b")];
    await one(farm, a);
    file(farm, jobId, 1);
    file(farm, jobId, 3);
    farm.clock.advance(LEASE_SECONDS + 1);
    await reap(farm);
    expect((await one(farm, b)).frames).toBe("2,4,5");
  });

  test("that is lost ten times fails its task", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1" });
    const runner = await addTestRunner(farm, "a");
    for (let loss = 0; loss < 10; loss++) {
      runner.status = "online";
      await one(farm, runner);
      farm.clock.advance(LEASE_SECONDS + 1);
      await reap(farm);
    }
    expect(getJob(farm.db, jobId)).toMatchObject({ status: "failed", reason: "runner_lost" });
  });
});

describe("a task that failed", () => {
  test("is tried three times, each time on another runner, and then the job fails with its reason", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1" });
    const [a, b, c] = [await addTestRunner(farm, "a"), await addTestRunner(farm, "b"), await addTestRunner(farm, "c")];
    await fail(farm, a, await one(farm, a));
    expect(await ask(farm, a)).toEqual([]);
    await fail(farm, b, await one(farm, b));
    expect(await ask(farm, a)).toEqual([]);
    await fail(farm, c, await one(farm, c));
    expect(getJob(farm.db, jobId)).toMatchObject({
      status: "failed",
      reason: "blender_crashed",
      message: "it crashed",
    });
  });

  test("is tried by the same runner again when there is no other", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1" });
    const runner = await addTestRunner(farm, "a");
    for (let attempt = 0; attempt < 3; attempt++) await fail(farm, runner, await one(farm, runner));
    expect(getJob(farm.db, jobId)?.status).toBe("failed");
  });

  test("does not stop the others", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1-5" });
    const [a, b] = [await addTestRunner(farm, "a"), await addTestRunner(farm, "b")];
    await fail(farm, a, await one(farm, a));
    for (let frame = 0; frame < 5; frame++) await complete(farm, b, await one(farm, b));
    expect(getJob(farm.db, jobId)).toMatchObject({ status: "completed", tasksDone: 5 });
  });

  test("for a reason that no machine can better fails the job at once and ends what runs", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm);
    const [a, b] = [await addTestRunner(farm, "a"), await addTestRunner(farm, "b")];
    const [mine, other] = [await one(farm, a), await one(farm, b)];
    await fail(farm, a, mine, "no_camera");
    expect(getJob(farm.db, jobId)).toMatchObject({
      status: "failed",
      reason: "no_camera",
      tasksQueued: 0,
      tasksLeased: 0,
    });
    const answer = await heartbeat(farm, b, {
      tasks: [{ id: other.task.id, attempt: 1, progress: null }],
      draining: false,
    });
    expect(answer.abandon).toHaveLength(1);
  });

  test("because the file cannot be opened fails the job after one try elsewhere", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1" });
    const [a, b] = [await addTestRunner(farm, "a"), await addTestRunner(farm, "b")];
    await fail(farm, a, await one(farm, a), "load_failed");
    expect(getJob(farm.db, jobId)?.status).toBe("running");
    await fail(farm, b, await one(farm, b), "load_failed");
    expect(getJob(farm.db, jobId)).toMatchObject({ status: "failed", reason: "load_failed" });
  });

  test("like the two others of the first three, for one reason, fails the whole job", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1-100" });
    const runner = await addTestRunner(farm, "a");
    await addTestRunner(farm, "b");
    for (const granted of await ask(farm, runner, { slots: 3 })) await fail(farm, runner, granted);
    const job = getJob(farm.db, jobId);
    expect([job?.status, job?.reason]).toEqual(["failed", "blender_crashed"]);
  });
});

test("a runner that failed three times in a job gets no more of it while others can", async () => {
  await using farm = await memoryFarm();
  addQueuedJob(farm, { frames: "1-100" });
  const [bad, good] = [await addTestRunner(farm, "bad"), await addTestRunner(farm, "good")];
  await complete(farm, good, await one(farm, good));
  for (let failure = 0; failure < 3; failure++) await fail(farm, bad, await one(farm, bad));
  expect(await ask(farm, bad)).toEqual([]);
  expect(await ask(farm, good)).toHaveLength(1);
  good.status = "offline";
  expect(await ask(farm, bad)).toHaveLength(1);
});

test("what is given back never counts and is first in line again", async () => {
  await using farm = await memoryFarm();
  addQueuedJob(farm);
  const runner = await addTestRunner(farm, "a");
  for (let round = 1; round <= 5; round++) {
    const { task } = await one(farm, runner);
    expect([task.frames, task.attempt, task.failures]).toEqual(["1", round, 0]);
    await endTask(farm, runner, { taskId: task.id, attempt: task.attempt, warnings: [], end: { kind: "givenBack" } });
  }
});

describe("completing", () => {
  test("twice is answered as before", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm);
    const runner = await addTestRunner(farm, "a");
    const granted = await one(farm, runner);
    await complete(farm, runner, granted);
    await complete(farm, runner, granted);
    expect(getTask(farm.db, granted.task.id)?.status).toBe("completed");
  });

  test("with a frame missing is refused, and the lease stays", async () => {
    await using farm = await memoryFarm();
    addQueuedJob(farm);
    const runner = await addTestRunner(farm, "a");
    const { task } = await one(farm, runner);
    const end = endTask(farm, runner, {
      taskId: task.id,
      attempt: task.attempt,
      warnings: [],
      end: { kind: "completed" },
    });
    await expect(end).rejects.toMatchObject({ code: "frames_missing" });
    expect(farm.leases.get(task.id)).not.toBeNull();
  });
});

describe("a job that is", () => {
  test("paused gives nothing new, and what runs is finished", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1-2" });
    const runner = await addTestRunner(farm, "a");
    const granted = await one(farm, runner);
    await pauseJob(farm, jobId);
    await complete(farm, runner, granted);
    expect(await ask(farm, runner)).toEqual([]);
    expect((await resumeJob(farm, jobId)).status).toBe("running");
    await complete(farm, runner, await one(farm, runner));
    expect(getJob(farm.db, jobId)?.status).toBe("completed");
  });

  test("canceled ends its tasks, tells the runners, and can be retried for what is missing", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1-3" });
    const runner = await addTestRunner(farm, "a");
    await complete(farm, runner, await one(farm, runner));
    const { task } = await one(farm, runner);
    expect((await cancelJob(farm, jobId)).status).toBe("canceled");
    expect((await cancelJob(farm, jobId)).status).toBe("canceled");
    const beat = { tasks: [{ id: task.id, attempt: task.attempt, progress: null }], draining: false };
    expect((await heartbeat(farm, runner, beat)).abandon).toHaveLength(1);
    expect((await retryJob(farm, jobId)).tasksQueued).toBe(2);
    expect((await one(farm, runner)).task).toMatchObject({ id: task.id, attempt: task.attempt + 1 });
  });

  test("completed cannot be paused, canceled or retried", async () => {
    await using farm = await memoryFarm();
    const jobId = addQueuedJob(farm, { frames: "1" });
    const runner = await addTestRunner(farm, "a");
    await complete(farm, runner, await one(farm, runner));
    for (const act of [pauseJob, resumeJob, cancelJob, retryJob])
      await expect(act(farm, jobId)).rejects.toMatchObject({ code: "conflict" });
  });
});

test("a newer process of a runner supersedes the older one, and its leases return at once", async () => {
  await using farm = await memoryFarm();
  addQueuedJob(farm, { frames: "1" });
  const old = await addTestRunner(farm, "a", { instanceId: "instance-1" });
  const { task } = await one(farm, old);
  const fresh = await addTestRunner(farm, "a", { instanceId: "instance-2" });
  expect(fresh.id).toBe(old.id);
  expect(getTask(farm.db, task.id)).toMatchObject({ status: "queued", failures: 0, losses: 0 });
  expect((await one(farm, fresh)).task.attempt).toBe(2);
});

test("a runner that says goodbye is offline at once, and what it held returns as if it had never been given", async () => {
  await using farm = await memoryFarm();
  addQueuedJob(farm, { frames: "1" });
  const runner = await addTestRunner(farm, "a");
  const { task } = await one(farm, runner);
  await sayGoodbye(farm, runner);
  expect(runner.status).toBe("offline");
  expect(getTask(farm.db, task.id)).toMatchObject({ status: "queued", failures: 0, losses: 0 });
  expect((await one(farm, await addTestRunner(farm, "b"))).task.attempt).toBe(2);
});

test("a question that is still open when its runner says goodbye makes nobody online and takes no task", async () => {
  await using farm = await memoryFarm();
  const runner = await addTestRunner(farm, "a");
  const asked = ask(farm, runner, { waitMs: 60_000 });
  await sayGoodbye(farm, runner);
  addQueuedJob(farm);
  expect(await asked).toEqual([]);
  expect(runner.status).toBe("offline");
});

test("a runner that hangs up as work comes is given none of it", async () => {
  await using farm = await memoryFarm();
  const runner = await addTestRunner(farm, "a");
  const hangUp = new AbortController();
  const asked = ask(farm, runner, { waitMs: 60_000, abort: hangUp.signal });
  addQueuedJob(farm);
  hangUp.abort();
  expect(await asked).toEqual([]);
  expect(farm.leases.size()).toBe(0);
});

test("a disabled runner that says goodbye stays disabled", async () => {
  await using farm = await memoryFarm();
  const runner = await addTestRunner(farm, "a");
  runner.status = "disabled";
  await sayGoodbye(farm, runner);
  expect(runner.status).toBe("disabled");
});
