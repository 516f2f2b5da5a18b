import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { FAILURES, type FailureReason } from "#domain/failure.ts";
import type { LeasedTask } from "#protocol/runner.ts";
import { refusalOf } from "../support/api.ts";
import { sized, writeExr, type ExrSpec } from "../support/exr-writer.ts";
import { startFarm, type Farm } from "../support/farm.ts";
import { RawRunner, type SentFrame } from "../support/raw-runner.ts";
import { scenes } from "../support/scenes.ts";
import { until } from "../support/until.ts";

/** Runners that are wrong about a frame, or about a lease. The scene's frames are 64 x 36 pixels. */
const PATIENCE = 120_000;
setDefaultTimeout(PATIENCE);
const LEASE_MS = 15_000;

let farm: Farm;
let runner: RawRunner;
let jobId: number;
let task: LeasedTask;

beforeAll(async () => {
  farm = await startFarm();
  runner = await RawRunner.register(farm.url, farm.runnerKey);
  jobId = await farm.api.submit(join(await scenes(), "animated.blend"));
  await farm.api.untilJob(jobId, "queued");
  await until("Blender has read the scene", () => inTemp().length === 0, { describe: inTemp });
  task = await runner.lease();
}, PATIENCE);

afterAll(() => farm?.stop(), PATIENCE);

const inTemp = (): string[] => farm.received().filter((path) => path.startsWith("temp/"));

const exr = (spec: Partial<ExrSpec> = {}): Uint8Array<ArrayBuffer> =>
  new Uint8Array(writeExr({ window: sized(64, 36), compression: "zip", ...spec }));

const sent = (of: LeasedTask, frame: Partial<SentFrame> = {}): SentFrame => ({
  jobId: of.jobId,
  taskId: of.id,
  attempt: of.attempt,
  frame: Number(of.frames),
  content: exr(),
  ...frame,
});

describe("a frame is refused, and nothing of it is kept,", () => {
  const badFrame = { status: 422, code: "bad_frame" };
  const bad: [string, () => Partial<SentFrame>, { status: number; code: string }][] = [
    ["when its hash is another", () => ({ sha256: "0".repeat(64) }), { status: 422, code: "wrong_digest" }],
    ["when its EXR is cut off", () => ({ content: exr().slice(0, -100) }), badFrame],
    ["when a chunk of its EXR is not there", () => ({ content: withoutLastChunk(exr()) }), badFrame],
    ["when it is no EXR", () => ({ content: new TextEncoder().encode("not a picture") }), badFrame],
    ["when it is empty", () => ({ content: new Uint8Array() }), badFrame],
    ["when it has another size", () => ({ content: exr({ window: sized(32, 18) }) }), badFrame],
    ["when it has no alpha", () => ({ content: exr({ channels: { B: "half", G: "half", R: "half" } }) }), badFrame],
    ["when it is not of the task", () => ({ frame: 99 }), badFrame],
    ["when it has the name of another frame", () => ({ name: "frame_0099.exr" }), badFrame],
    ["when its name is a path", () => ({ name: "../frame_0001.exr" }), badFrame],
    ["when the runner never had that task", () => ({ taskId: 999 }), { status: 404, code: "not_found" }],
    ["when the runner never had that attempt", () => ({ attempt: 7 }), { status: 404, code: "not_found" }],
    ["when the task is of another job", () => ({ jobId: 999 }), { status: 404, code: "not_found" }],
  ];

  test.each(bad)("%s", async (_, wrong, refusal) => {
    expect(await refusalOf(await runner.upload(sent(task, wrong())))).toMatchObject(refusal);
    expect(await farm.api.outputs(jobId)).toEqual([]);
    expect(inTemp()).toEqual([]);
  });

  test("when it comes without its hash", async () => {
    const query = `taskId=${task.id}&attempt=${task.attempt}&frame=1&name=frame_0001.exr`;
    const answer = await runner.api.call("POST", `/api/runner/files/${jobId}/upload?${query}`, exr());
    expect(await refusalOf(answer)).toMatchObject({ status: 400, code: "bad_request" });
  });
});

describe("a task", () => {
  test("is not complete before its frames are filed", async () => {
    const refusal = await refusalOf(await runner.complete(task.id, { attempt: task.attempt, ok: true }));
    expect(refusal).toMatchObject({ status: 422, code: "frames_missing" });
  });

  test("is told again to a runner that did not hear of it, and not to one that did", async () => {
    expect(await runner.ask()).toEqual([task]);
    expect((await runner.ask([task], 0)).length).toBe(0);
  });

  test("takes each frame once: a second copy is answered as filed already", async () => {
    const first = await runner.upload(sent(task));
    expect(await first.json()).toMatchObject({ alreadyFiled: false });
    const again = await runner.upload(sent(task, { content: exr({ value: () => 1 }) }));
    expect([again.status, await again.json()]).toMatchObject([200, { alreadyFiled: true }]);
    expect((await farm.api.outputs(jobId)).length).toBe(1);
  });

  test("can be completed twice by the same attempt, for the answer may have been lost", async () => {
    for (let i = 0; i < 2; i++)
      expect((await runner.complete(task.id, { attempt: task.attempt, ok: true })).status).toBe(200);
    expect((await farm.api.job(jobId)).progress).toMatchObject({ framesDone: 1, tasksDone: 1 });
  });
});

describe("an old attempt", () => {
  let lost: LeasedTask;
  let next: LeasedTask;

  beforeAll(async () => {
    lost = await runner.lease();
    expect((await runner.complete(lost.id, { attempt: lost.attempt, ok: false, givenBack: true })).status).toBe(200);
    next = await runner.lease();
  }, PATIENCE);

  test("is followed by one with a higher number", () => {
    expect([next.id, next.attempt]).toEqual([lost.id, lost.attempt + 1]);
  });

  test("can neither complete nor fail the task any more", async () => {
    const { attempt, id } = lost;
    for (const end of [
      { attempt, ok: true },
      { attempt, ok: false, reason: "internal", message: "late" },
    ] as const)
      expect(await refusalOf(await runner.complete(id, end))).toMatchObject({ status: 409, code: "lease_lost" });
  });

  test("is to be abandoned, as the heartbeat says", async () => {
    const { abandon } = await runner.heartbeat([lost, next]);
    expect(abandon.map(({ id, attempt }) => [id, attempt])).toEqual([[lost.id, lost.attempt]]);
  });

  test("may still file its frame, whose pixels are good", async () => {
    expect(await (await runner.upload(sent(lost))).json()).toMatchObject({ alreadyFiled: false });
    expect((await runner.complete(next.id, { attempt: next.attempt, ok: true })).status).toBe(200);
  });
});

describe("a runner", () => {
  test("that a newer process has replaced is told so", async () => {
    const older = await RawRunner.register(farm.url, farm.runnerKey, "twin");
    const newer = await RawRunner.register(farm.url, farm.runnerKey, "twin");
    expect(newer.runnerId).toBe(older.runnerId);
    const answer = await older.api.call("POST", "/api/runner/heartbeat", { tasks: [], draining: false });
    expect(await refusalOf(answer)).toMatchObject({ status: 409, code: "superseded" });
    expect((await newer.heartbeat([])).abandon).toEqual([]);
  });

  test("gets no project of a job that it never had a task of", async () => {
    const stranger = await RawRunner.register(farm.url, farm.runnerKey, "stranger");
    const answer = await stranger.api.call("GET", `/api/runner/files/${jobId}/context.tar`);
    expect(await refusalOf(answer)).toMatchObject({ status: 404, code: "not_found" });
  });

  test("with a user's key gets the jobs of that user alone", async () => {
    const ann = await farm.addUser("ann@example.com");
    const key = await farm.addKey("runner of ann", "--scope", "user", "--user", "ann@example.com");
    const own = await RawRunner.register(farm.url, key, "runner of ann");
    expect(await own.ask()).toEqual([]);
    const id = await ann.submit(join(await scenes(), "no-camera.blend"), { camera: "Spare camera" });
    await ann.untilJob(id, "queued");
    expect((await own.lease()).jobId).toBe(id);
  });

  test("of another protocol is told so", async () => {
    const body = {
      protocol: 2,
      name: "future",
      instanceId: "instance-of-the-future",
      hostname: "test",
      cores: 1,
      memoryBytes: 1,
      gpus: [],
      blenders: [],
      encoders: [],
      sandbox: "none",
      version: "9",
    };
    const answer = await runner.api.call("POST", "/api/runner/register", body);
    expect(await refusalOf(answer)).toMatchObject({ status: 426, code: "incompatible" });
  });

  test(
    "that is not heard of any more loses its task, which counts as no failure",
    async () => {
      const silent = await RawRunner.register(farm.url, farm.runnerKey, "silent");
      const held = await silent.lease();
      const [lost] = await farm.api
        .untilTasks(
          held.jobId,
          "the task is back in the queue",
          (tasks) => tasks.some(({ id, status }) => id === held.id && status === "queued"),
          2 * (LEASE_MS / 1000),
        )
        .then((tasks) => tasks.filter(({ id }) => id === held.id));
      expect(lost).toMatchObject({ failures: 0, attempts: [{ outcome: "lost", runner: "silent" }] });
    },
    PATIENCE,
  );
});

describe("failures", () => {
  /** Lets every try at a job's only frame fail for a reason; returns how many there were until the job failed. */
  async function triesUntilFailed(reason: FailureReason): Promise<number> {
    const id = await farm.api.submit(join(await scenes(), "animated.blend"), { frames: "1", priority: 100 });
    await farm.api.untilJob(id, "queued");
    for (let tries = 1; tries <= 10; tries++) {
      const held = await runner.lease();
      expect(held.jobId).toBe(id);
      const body = { attempt: held.attempt, ok: false, reason, message: "it went wrong" };
      expect((await runner.complete(held.id, body)).status).toBe(200);
      const job = await farm.api.job(id);
      if (job.status !== "failed") continue;
      expect(job).toMatchObject({ reason, message: "it went wrong" });
      const [failed] = await farm.api.tasks(id);
      expect(failed).toMatchObject({ status: "failed", reason, advice: FAILURES[reason].advice, failures: tries });
      expect(await farm.api.json("POST", `/api/jobs/${id}/retry`)).toMatchObject({ status: "queued", reason: null });
      await farm.api.json("DELETE", `/api/jobs/${id}`);
      return tries;
    }
    throw new Error("the job never failed");
  }

  test("of Blender end a task after three tries", async () => {
    expect(await triesUntilFailed("blender_crashed")).toBe(3);
  });

  test("that no other machine could better end the job at once", async () => {
    expect(await triesUntilFailed("no_camera")).toBe(1);
    expect(await triesUntilFailed("missing_files")).toBe(1);
  });

  test("to open the file are tried twice", async () => {
    expect(await triesUntilFailed("load_failed")).toBe(2);
  });
});

/** Fills the last entry of the offset table with zero, as a writer that was interrupted leaves it. */
function withoutLastChunk(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const chunks = Math.ceil(36 / 16);
  const view = new DataView(bytes.buffer);
  const firstChunk = findOffsetTable(view, chunks);
  view.setBigUint64(firstChunk + 8 * (chunks - 1), 0n, true);
  return bytes;
}

/** The table is the first place where as many rising offsets stand, the first of which points right behind it. */
function findOffsetTable(view: DataView, chunks: number): number {
  for (let at = 8; at + 8 * chunks < view.byteLength; at++)
    if (view.getBigUint64(at, true) === BigInt(at + 8 * chunks)) return at;
  throw new Error("no offset table");
}
