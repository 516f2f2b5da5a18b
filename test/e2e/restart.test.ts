import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { startFarm, type Farm, type Runner } from "../support/farm.ts";
import { scenes } from "../support/scenes.ts";
import { until } from "../support/until.ts";

/** A manager that goes away in the middle of a job. */
const MINUTE = 60_000;

let farm: Farm;
let runner: Runner;

beforeAll(async () => {
  farm = await startFarm();
  runner = await farm.startRunner();
}, MINUTE);

afterAll(() => farm?.stop(), MINUTE);

/** Waits until a frame that nobody has acknowledged lies ready at the runner. */
const frameWaits = () =>
  until("a frame waits for the manager", () => readdirSync(join(runner.workspace, "outbox")).length > 0, {
    describe: () => runner.log().split("\n").slice(-10),
  });

const rendering = (jobId: number) =>
  farm.api.untilTasks(jobId, "a frame is rendered", (tasks) =>
    tasks.some(({ status, progress }) => status === "leased" && progress?.frame != null),
  );

test(
  "a job goes on where it was when the manager is restarted, or killed, and no frame is rendered twice",
  async () => {
    const jobId = await farm.api.submit(join(await scenes(), "slow.blend"), { frames: "1-4" });
    await rendering(jobId);
    farm.manager().signal("SIGTERM");
    expect(await farm.manager().ended(15)).toBe(0);
    await frameWaits();
    await farm.restart();

    await farm.api.untilTasks(jobId, "the waiting frame is filed", (tasks) =>
      tasks.some(({ status }) => status === "completed"),
    );
    await rendering(jobId);
    await farm.manager().kill();
    await frameWaits();
    await farm.restart();

    const job = await farm.api.untilJob(jobId, "completed");
    expect(job.progress).toMatchObject({ framesDone: 4, tasksDone: 4, percent: 100 });
    expect((await farm.api.outputs(jobId)).map(({ name }) => name).sort()).toEqual(
      [1, 2, 3, 4].map((n) => `frame_000${n}.exr`),
    );
    for (const task of await farm.api.tasks(jobId))
      expect(task.attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([[1, "completed"]]);
    expect(runner.exitCode).toBeNull();
  },
  2 * MINUTE,
);

test(
  "an upload that a kill of the manager has interrupted leaves nothing behind",
  async () => {
    const job = await farm.api.createJob();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("BLENDER-v304"));
        controller.enqueue(new Uint8Array(4 * 1024 * 1024));
      },
    });
    const upload = farm.api.upload(job.id, "half.blend", body).catch((error: unknown) => error);
    const before = farm.received();
    await until("the upload is under way", () => farm.received().length > before.length, { describe: farm.received });
    await farm.manager().kill();
    expect(await upload).toBeInstanceOf(Error);
    await farm.restart();
    expect(farm.received().filter((path) => !before.includes(path))).toEqual([]);
    expect((await farm.api.job(job.id)).status).toBe("draft");
  },
  MINUTE,
);
