import { describe, expect, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { VideoOrder, VideoOutcome, VideoWatch } from "#programs/video/order.ts";
import type { CompleteBody, LeasedEncode } from "#protocol/runner.ts";
import { encodeTask, type EncodeHost } from "#runner/encode-task.ts";
import { createHeldTasks, type HeldTask } from "#runner/held-tasks.ts";
import { ManagerRefusal } from "#runner/manager-errors.ts";
import type { FrameFile } from "#runner/outbox-store.ts";
import type { Delivery } from "#runner/outbox.ts";
import { createShutdown } from "#runner/shutdown.ts";
import { createVideoFolders } from "#runner/video-folders.ts";
import { RGBA, sized, writeExr } from "../support/exr-writer.ts";
import { sha256Of, stillPatience, until } from "./support/fixtures.ts";
import { tempFolder } from "./support/temp-folder.ts";

const EXR = Buffer.from(writeExr({ window: sized(8, 6), channels: RGBA }));
const SOUND = Buffer.from("fLaC");

const TASK: LeasedEncode = {
  ...{ id: 11, jobId: 7, jobName: "dragon", kind: "encode", attempt: 2, frames: "1-3", format: "EXR_AV1_MP4" },
  ...{ rate: { numerator: 24_000, denominator: 1001 }, exposure: 1.5, sound: null },
};

type Encode = (order: VideoOrder, watch: VideoWatch) => Promise<VideoOutcome>;

type SetUp = {
  task?: Partial<LeasedEncode>;
  encode?: Encode;
  frames?: readonly number[];
  deliver?: () => Promise<Delivery>;
  refuse?: string;
};

/** A video of two files, which needs all frames. */
const encodeAll: Encode = async (order, watch) => {
  for (const index of order.frames.keys()) await watch.fetchFrame?.(index);
  for (const index of order.frames.keys()) if (index !== 0) await watch.releaseFrame?.(index);
  const files = [".mp4", ".avif"].map((ending) => {
    const name = `${order.baseName}${ending}`;
    return { name, path: join(order.outputFolder, name) };
  });
  for (const { path } of files) await Bun.write(path, "video");
  return { kind: "done", files, size: { width: 8, height: 6 }, isCropped: false, hasAlpha: true, durationSeconds: 1 };
};

/** One video on one runner whose surroundings are stand-ins, in a workspace that a second one can be given. */
async function setUp(options: SetUp = {}, root?: string) {
  const folder = await tempFolder();
  const videos = root ?? join(folder.path, "videos");
  await mkdir(videos, { recursive: true });
  const patience = stillPatience();
  const shutdown = createShutdown(patience.time);
  const tasks = createHeldTasks(1, patience.log);
  const ends: CompleteBody[] = [];
  const filed: (Omit<FrameFile, "size" | "sha256"> & { content: string })[] = [];
  const fetched: string[] = [];
  const orders: VideoOrder[] = [];
  let log = "";
  const task = { ...TASK, ...options.task };
  const host: EncodeHost = {
    tools: null,
    sandbox: { kind: "none", detail: "a test" },
    folders: createVideoFolders(videos, patience.time),
    encode: async (order, _, watch = {}) => {
      orders.push(order);
      return (options.encode ?? encodeAll)(order, watch);
    },
  };
  const client: Parameters<typeof encodeTask>[2]["client"] = {
    complete: async (_, body) => void ends.push(body),
    appendLog: async (_, __, bytes) => void (log += Buffer.from(bytes).toString()),
    file: async (_, { name }, __, read) => {
      if (name === options.refuse) throw new ManagerRefusal(404, "not_found", "It is gone.");
      fetched.push(name);
      const content = name.endsWith(".flac") ? SOUND : EXR;
      await read({
        offset: 0,
        pieces: (async function* () {
          yield content;
        })(),
      });
    },
    pictures: async (_, { after, limit }) =>
      (options.frames ?? [1, 2, 3])
        .filter((frame) => frame > after)
        .slice(0, Math.min(limit, 2))
        .map((frame) => ({ frame, name: `frame_000${frame}_L.exr`, size: EXR.length, sha256: sha256Of(EXR) })),
  };
  const outbox = {
    add: async (path: string, what: Omit<FrameFile, "size" | "sha256">) => {
      filed.push({ ...what, content: await Bun.file(path).text() });
      const delivered = options.deliver?.() ?? Promise.resolve({ kind: "filed" } as const);
      return { file: { ...what, size: 5, sha256: "", id: "1", path }, delivered };
    },
  };
  let held: HeldTask | undefined;
  tasks.take(task, (each) => {
    held = each;
    return encodeTask(each, task, { client, host, outbox, shutdown, patience });
  });
  return {
    ...{ held: held!, tasks, shutdown, ends, filed, fetched, orders, videos, patience },
    log: () => log,
    kept: () => readdir(videos),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}

/** Encodes until it is ended. */
const encodeForEver: Encode = async (_, watch) => {
  await watch.fetchFrame?.(0);
  watch.onProgress?.({ step: "color", pass: 1, frame: 2, frames: 3, fraction: 0.4, secondsLeft: 60 });
  await until(() => watch.signal!.aborted);
  return { kind: "aborted" };
};

describe("a video", () => {
  test("is made of the frames as the manager names them, sent with its copy, and then nothing is kept", async () => {
    await using run = await setUp();
    await run.tasks.empty();
    expect(run.ends).toEqual([{ attempt: 2, ok: true, warnings: [] }]);
    expect(run.orders[0]).toMatchObject({
      ...{ rate: TASK.rate, format: "EXR_AV1_MP4", exposure: 1.5, sound: null, baseName: "video_av1" },
    });
    expect(run.orders[0]!.frames.map((path) => path.split("/").at(-1))).toEqual([
      "frame_0001_L.exr",
      "frame_0002_L.exr",
      "frame_0003_L.exr",
    ]);
    expect(run.filed).toEqual([
      { jobId: 7, taskId: 11, attempt: 2, frame: null, name: "video_av1.mp4", of: 2, content: "video" },
      { jobId: 7, taskId: 11, attempt: 2, frame: null, name: "video_av1.avif", of: 2, content: "video" },
    ]);
    expect(await run.kept()).toEqual([]);
    expect(run.log()).toContain("[runner] AV1 of frames 1-3");
  });

  test("has the sound that the lease names, cut as it says", async () => {
    const spans = [{ startSeconds: 0, seconds: 1 }];
    const sound = { name: "sound.flac", size: SOUND.length, sha256: sha256Of(SOUND), spans };
    await using run = await setUp({ task: { sound } });
    await run.tasks.empty();
    expect(run.orders[0]!.sound).toMatchObject({ offsetSeconds: 0, spans });
    expect(run.fetched).toContain("sound.flac");
  });

  test("whose frames were cropped says so", async () => {
    const encode: Encode = async (order, watch) => ({ ...(await encodeAll(order, watch)), isCropped: true }) as never;
    await using run = await setUp({ encode });
    await run.tasks.empty();
    expect(run.ends[0]!.warnings).toEqual([
      { code: "video_cropped", message: expect.stringContaining("it is 8 × 6") as string },
    ]);
  });

  test("tells how far it is", async () => {
    await using run = await setUp({ encode: encodeForEver });
    await until(() => run.held.progress.encoding?.pass === 1);
    expect(run.held.progress).toMatchObject({
      ...{ frame: 2, done: 1, total: 3 },
      encoding: { step: "color", pass: 1, fraction: 0.4, secondsLeft: 60 },
    });
    run.tasks.loseAll("the test is over");
    await run.tasks.empty();
  });
});

describe("an attempt that is cut off", () => {
  test("by a stop is given back, and what was done is there for the next, which fetches nothing twice", async () => {
    await using run = await setUp({ encode: encodeForEver });
    await until(() => run.held.progress.encoding?.pass === 1);
    run.shutdown.begin();
    await run.tasks.empty();
    expect(run.ends).toMatchObject([{ ok: false, givenBack: true }]);
    expect(await run.kept()).toHaveLength(1);

    await using again = await setUp({ task: { attempt: 3 } }, run.videos);
    await again.tasks.empty();
    expect(again.orders[0]!.workFolder).toBe(run.orders[0]!.workFolder);
    expect(again.fetched).not.toContain("frame_0001_L.exr");
    expect(again.ends).toMatchObject([{ ok: true }]);
    expect(await again.kept()).toEqual([]);
  });

  test("by the loss of its lease tells nobody", async () => {
    await using run = await setUp({ encode: encodeForEver });
    await until(() => run.held.progress.encoding?.pass === 1);
    run.tasks.lose(11, 2, "it was canceled");
    await run.tasks.empty();
    expect(run.ends).toEqual([]);
    expect(await run.kept()).toHaveLength(1);
  });
});

describe("a video fails", () => {
  const failing =
    (reason: "bad_output" | "disk_full"): Encode =>
    async () => ({ kind: "failed", reason, message: "It went wrong." });

  test("for the reason that the encoder has", async () => {
    await using run = await setUp({ encode: failing("bad_output") });
    await run.tasks.empty();
    expect(run.ends).toMatchObject([{ ok: false, reason: "bad_output", message: "It went wrong." }]);
  });

  test("and leaves nothing on a disk that is full", async () => {
    await using run = await setUp({ encode: failing("disk_full") });
    await run.tasks.empty();
    expect(run.ends).toMatchObject([{ reason: "disk_full" }]);
    expect(await run.kept()).toEqual([]);
  });

  test("when its encoder takes no further frame for an hour", async () => {
    await using run = await setUp({ encode: encodeForEver });
    await until(() => run.held.progress.encoding?.pass === 1);
    run.patience.time.advance(59 * 60_000);
    expect(run.held.phase).toBe("rendering");
    run.patience.time.advance(60_000);
    await run.tasks.empty();
    expect(run.ends).toMatchObject([{ ok: false, reason: "hung" }]);
  });

  test("when the manager has not all of its frames", async () => {
    await using run = await setUp({ frames: [1, 3] });
    await run.tasks.empty();
    expect(run.ends).toMatchObject([
      { reason: "internal", message: expect.stringContaining("the frames 2") as string },
    ]);
  });

  test("when a frame cannot be fetched", async () => {
    await using run = await setUp({ refuse: "frame_0002_L.exr" });
    await run.tasks.empty();
    expect(run.ends).toMatchObject([
      { reason: "internal", message: "What the task needs could not be fetched: It is gone." },
    ]);
  });

  test("when the manager refuses what came out", async () => {
    const error = new ManagerRefusal(422, "bad_frame", "It has 2 pictures, and the job 3 frames.");
    await using run = await setUp({ deliver: async () => ({ kind: "failed", error }) });
    await run.tasks.empty();
    expect(run.ends).toMatchObject([{ reason: "bad_output", message: error.message }]);
  });
});

test("folders of videos that nobody comes back to go after a day, or when room is short; never those in use", async () => {
  await using run = await setUp({ encode: encodeForEver });
  await until(() => run.held.progress.encoding?.pass === 1);
  await mkdir(join(run.videos, "3-EXR_264_MP4-0"));
  const folders = createVideoFolders(run.videos, { ...run.patience.time, nowMs: () => Date.now() });
  await folders.sweep("old");
  expect(await run.kept()).toContain("3-EXR_264_MP4-0");
  const inUse = createVideoFolders(run.videos, { ...run.patience.time, nowMs: () => Date.now() + 25 * 3600 * 1000 });
  const open = await inUse.open(TASK, []);
  await inUse.sweep("old");
  expect(await run.kept()).toEqual([open.path.split("/").at(-1)!]);
  await inUse.sweep("all");
  expect(await run.kept()).toHaveLength(1);
  open.close();
  await inUse.sweep("all");
  expect(await run.kept()).toEqual([]);
  run.tasks.loseAll("the test is over");
  await run.tasks.empty();
});
