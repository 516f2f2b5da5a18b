import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { startFarm, type Farm, type Runner } from "../support/farm.ts";
import { blendersIn } from "../support/processes.ts";
import { scenes } from "../support/scenes.ts";

/** A Blender that crashes, is killed, or hangs, each on a frame of its own (test/fixtures/failing-blender). */
const PATIENCE = 180_000;
const FRAMES = { crash: "1", killed: "2", hang: "3", fine: "4" };

let farm: Farm;
let runner: Runner;
let jobs: Record<Exclude<keyof typeof FRAMES, "hang">, number>;

const blender = ["--blender", join(import.meta.dir, "../fixtures/failing-blender")];
const submit = async (frames: string) => farm.api.submit(join(await scenes(), "animated.blend"), { frames });

beforeAll(async () => {
  farm = await startFarm();
  runner = await farm.startRunner({ flags: [...blender, "--slots", "3"] });
  jobs = {
    crash: await submit(FRAMES.crash),
    killed: await submit(FRAMES.killed),
    fine: await submit(FRAMES.fine),
  };
}, PATIENCE);

afterAll(() => farm?.stop(), PATIENCE);

async function expectThreeFailures(jobId: number, reason: string, message: RegExp): Promise<void> {
  const job = await farm.api.untilJob(jobId, "failed", 90);
  expect(job.reason).toBe(reason);
  expect(job.message).toMatch(message);
  const [task] = await farm.api.tasks(job.id);
  expect(task!.attempts.map((each) => [each.outcome, each.reason])).toEqual(Array(3).fill(["failed", reason]));
}

test.each([
  ["crash", "blender_crashed", /Blender crashed on frame 1/],
  ["killed", "out_of_memory", /memory on frame 2/],
] as const)(
  "a frame that ends in %p fails its job with %p after three tries",
  async (name, reason, message) => {
    await expectThreeFailures(jobs[name], reason, message);
  },
  PATIENCE,
);

test(
  "the runner goes on with other jobs, and no Blender of the failed ones is left",
  async () => {
    await farm.api.untilJob(jobs.fine, "completed");
    expect(blendersIn(runner.workspace)).toEqual([]);
    expect(runner.exitCode).toBeNull();
  },
  PATIENCE,
);

test(
  "a frame that hangs fails its job with a timeout after three tries",
  async () => {
    // On a busy machine any Blender may take longer than the limit; so this one gets nothing else.
    runner.signal("SIGINT");
    await runner.ended();
    const impatient = await farm.startRunner({ flags: [...blender, "--frame-timeout", "4"] });
    await expectThreeFailures(await submit(FRAMES.hang), "timeout", /time limit on frame 3/);
    expect(blendersIn(impatient.workspace)).toEqual([]);
  },
  PATIENCE,
);
