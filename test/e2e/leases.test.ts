import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ApiTask } from "../support/api.ts";
import { startFarm, type Farm, type Runner } from "../support/farm.ts";
import { blendersIn } from "../support/processes.ts";
import { RawRunner } from "../support/raw-runner.ts";
import { scenes } from "../support/scenes.ts";
import { until } from "../support/until.ts";

/** Runners and jobs that are interrupted in the middle of a frame. Each frame of the scene takes two seconds. */
const MINUTE = 60_000;
/** Longer than any wait in a test, which tells more when it ends. */
const PATIENCE = 3 * MINUTE;

let farm: Farm;
let scene: string;

beforeAll(async () => {
  scene = join(await scenes(), "slow.blend");
  farm = await startFarm();
}, PATIENCE);

afterEach(() => farm?.clear(), MINUTE);
afterAll(() => farm?.stop(), MINUTE);

/** Waits until a runner's Blender works on a frame of a job; returns the task. */
async function midFrame(jobId: number, runner: Runner): Promise<ApiTask> {
  const isIts = (task: ApiTask): boolean => task.status === "leased" && task.runner?.name === runner.name;
  const tasks = await farm.api.untilTasks(
    jobId,
    `${runner.name} renders`,
    (all) => all.some(isIts) && blendersIn(runner.workspace).length > 0,
  );
  return tasks.find(isIts)!;
}

const noBlenderIn = (runner: Runner, seconds: number) =>
  until(`no Blender of ${runner.name} is left`, () => blendersIn(runner.workspace).length === 0, {
    seconds,
    describe: () => blendersIn(runner.workspace),
  });

const outcomes = (task: ApiTask) => task.attempts.map(({ runner, outcome }) => `${runner} ${outcome}`);

async function statusOf(runner: Runner): Promise<string | undefined> {
  type Seen = { items: { name: string; status: string }[] };
  const { items } = await farm.api.json<Seen>("GET", "/api/admin/runners");
  return items.find(({ name }) => name === runner.name)?.status;
}

async function taskOf(jobId: number, taskId: number): Promise<ApiTask> {
  return (await farm.api.tasks(jobId)).find((task) => task.id === taskId)!;
}

test(
  "a runner that is killed leaves no Blender behind, and its frame goes to another",
  async () => {
    const [alpha] = await Promise.all([farm.startRunner({ name: "alpha" }), farm.startRunner({ name: "beta" })]);
    const jobId = await farm.api.submit(scene, { frames: "1-2" });
    const lost = await midFrame(jobId, alpha);
    await alpha.kill();
    await noBlenderIn(alpha, 10);
    expect(readdirSync(join(alpha.workspace, "tasks"))).not.toEqual([]);
    await farm.api.untilJob(jobId, "completed");
    const task = await taskOf(jobId, lost.id);
    expect(outcomes(task)).toEqual(["alpha lost", "beta completed"]);
    expect(task.failures).toBe(0);

    const again = await farm.startRunner({ name: "alpha" });
    expect(readdirSync(join(again.workspace, "tasks"))).toEqual([]);
  },
  PATIENCE,
);

test(
  "SIGTERM lets a runner finish its frame, and it takes no more",
  async () => {
    const runner = await farm.startRunner({ name: "drained" });
    const jobId = await farm.api.submit(scene, { frames: "1-2" });
    const task = await midFrame(jobId, runner);
    runner.signal("SIGTERM");
    expect(await runner.ended()).toBe(0);
    expect(outcomes(await taskOf(jobId, task.id))).toEqual(["drained completed"]);
    const job = await farm.api.job(jobId);
    expect([job.status, job.progress.framesDone]).toEqual(["running", 1]);
  },
  PATIENCE,
);

test(
  "SIGINT ends the runner's Blender and gives its task back, which is no failure",
  async () => {
    const runner = await farm.startRunner({ name: "stopped" });
    const jobId = await farm.api.submit(scene, { frames: "1" });
    const { id } = await midFrame(jobId, runner);
    runner.signal("SIGINT");
    expect(await runner.ended(15)).toBe(0);
    expect(blendersIn(runner.workspace)).toEqual([]);
    const task = await taskOf(jobId, id);
    expect(outcomes(task)).toEqual(["stopped returned"]);
    expect([task.status, task.failures]).toEqual(["queued", 0]);
  },
  PATIENCE,
);

test.each([
  ["idle and gets SIGTERM", "SIGTERM", "idle"],
  ["idle and gets SIGINT", "SIGINT", "idle"],
  ["in a frame and gets SIGTERM", "SIGTERM", "busy"],
  ["in a frame and gets SIGINT", "SIGINT", "busy"],
] as const)(
  "a runner that is %s is offline the moment it has ended",
  async (_, signal, state) => {
    const runner = await farm.startRunner({ name: `leaver-${signal}-${state}` });
    const jobId = state === "busy" ? await farm.api.submit(scene, { frames: "1-2" }) : null;
    if (jobId !== null) await midFrame(jobId, runner);
    runner.signal(signal);
    if (jobId !== null && signal === "SIGTERM")
      await until("it is seen to drain", async () => (await statusOf(runner)) === "draining", { seconds: 2 });
    expect(await runner.ended()).toBe(0);
    expect(await statusOf(runner)).toBe("offline");
    if (jobId !== null) expect((await farm.api.tasks(jobId)).map(({ status }) => status)).not.toContain("leased");
    await Bun.sleep(5000); // longer than an open question lets a runner count as heard of
    expect(await statusOf(runner)).toBe("offline");
    const again = await farm.startRunner({ name: runner.name });
    expect(await statusOf(again)).toBe("online");
  },
  PATIENCE,
);

test(
  "a runner's task returns at once when a newer process takes its name",
  async () => {
    const older = await farm.startRunner({ name: "twin" });
    const jobId = await farm.api.submit(scene, { frames: "1" });
    const { id } = await midFrame(jobId, older);
    const newer = await RawRunner.register(farm.url, farm.runnerKey, "twin");
    expect(await newer.lease()).toMatchObject({ id, attempt: 2 });
    expect(outcomes(await taskOf(jobId, id))).toEqual(["twin returned", "twin running"]);
    expect(await older.ended(15)).toBe(1);
    expect(older.log()).toContain("Another process has registered under this runner's name");
    expect(blendersIn(older.workspace)).toEqual([]);
  },
  PATIENCE,
);

test(
  "two runners never work in one workspace",
  async () => {
    const first = await farm.startRunner({ name: "first" });
    const second = farm.startRunner({ name: "second", workspace: first.workspace });
    expect(second).rejects.toThrow(/it ended with 1:.*another runner/is);
    await second.catch(() => {});
    expect(first.exitCode).toBeNull();
  },
  PATIENCE,
);

test(
  "pause, resume, cancel and retry do what they say",
  async () => {
    const runner = await farm.startRunner({ name: "steady" });
    const jobId = await farm.api.submit(scene, { frames: "1-3" });
    const order = (what: string) => farm.api.json<{ status: string }>("POST", `/api/jobs/${jobId}/${what}`);
    const filed = async () => (await farm.api.outputs(jobId)).map(({ id, name }) => ({ id, name }));

    await midFrame(jobId, runner);
    expect((await order("pause")).status).toBe("paused");
    await farm.api.untilTasks(jobId, "what runs is finished", (tasks) =>
      tasks.every(({ status }) => status !== "leased"),
    );
    const whilePaused = await filed();
    expect(whilePaused.length).toBe(1);
    const onlooker = await RawRunner.register(farm.url, farm.runnerKey, "onlooker");
    expect(await onlooker.ask()).toEqual([]);

    expect((await order("resume")).status).toBe("running");
    await midFrame(jobId, runner);
    const canceled = await farm.api.json<{ status: string }>("DELETE", `/api/jobs/${jobId}`);
    expect(canceled.status).toBe("canceled");
    await noBlenderIn(runner, 10);
    expect(await filed()).toEqual(whilePaused);
    expect((await farm.api.tasks(jobId)).map(({ status }) => status).sort()).toEqual([
      "canceled",
      "canceled",
      "completed",
    ]);

    expect((await order("retry")).status).toBe("queued");
    const job = await farm.api.untilJob(jobId, "completed");
    expect(job.progress.framesDone).toBe(3);
    const all = await filed();
    expect(all.map(({ name }) => name)).toEqual(["frame_0001.exr", "frame_0002.exr", "frame_0003.exr"]);
    expect(all).toEqual(expect.arrayContaining(whilePaused));
  },
  PATIENCE,
);

test(
  "the log of a task can be read while it grows, and its progress is told",
  async () => {
    const runner = await farm.startRunner({ name: "talker" });
    await farm.config("set", "frames-per-render-task", "5");
    const jobId = await farm.api.submit(scene, { frames: "1-5" });
    const task = await midFrame(jobId, runner);
    await farm.config("set", "frames-per-render-task", "1");
    let log = "";
    let next = 0;
    const read = async (): Promise<number> => {
      const answer = await farm.api.taskLog(jobId, task.id, next);
      const piece = await answer.text();
      next = Number(answer.headers.get("x-log-next"));
      log += piece;
      return piece.length;
    };
    await until("the log tells of the first frame", async () => (await read()) > 0 && log.includes("frame_0001.exr"));
    expect(log).not.toContain("frame_0005.exr");
    const [told] = await farm.api.untilTasks(jobId, "its progress is told", ([one]) => (one?.progress?.done ?? 0) > 0);
    expect(told!.progress).toMatchObject({ total: 5 });
    await farm.api.untilJob(jobId, "completed");
    while ((await read()) > 0);
    expect(log).toContain("frame_0005.exr");
    expect(log).toBe(await (await farm.api.taskLog(jobId, task.id)).text());
  },
  PATIENCE,
);
