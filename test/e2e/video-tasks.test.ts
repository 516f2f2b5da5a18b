import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { ApiTask } from "../support/api.ts";
import { writeExr, RGBA, sized } from "../support/exr-writer.ts";
import { startFarm, type Farm, type Runner } from "../support/farm.ts";
import { processesOf } from "../support/processes.ts";
import { RawRunner } from "../support/raw-runner.ts";
import { scenes } from "../support/scenes.ts";
import { mountSmallDisk, NO_SMALL_DISK } from "../support/small-disk.ts";
import { until } from "../support/until.ts";
import { ffprobe } from "./video-stage.ts";

/** What becomes of videos when runners and managers are killed, canceled or short of something. The frames are a test's own, not Blender's. */
const PATIENCE = 240_000;
setDefaultTimeout(PATIENCE);

const FRAMES = 40;

let farm: Farm;
let hand: RawRunner;
/** A PATH with FFmpeg and the sandbox, and without Blender. */
let withoutBlender: string;
let runners = 0;

beforeAll(async () => {
  farm = await startFarm({ settings: { "frames-per-render-task": "100" } });
  hand = await RawRunner.register(farm.url, farm.runnerKey, "hand");
  withoutBlender = join(farm.folder, "path");
  mkdirSync(withoutBlender);
  for (const name of ["ffmpeg", "ffprobe", "bwrap"]) {
    const program = Bun.which(name);
    if (program) symlinkSync(program, join(withoutBlender, name));
  }
}, PATIENCE);
afterEach(() => farm?.clear(), PATIENCE);
afterAll(() => farm?.stop(), PATIENCE);

/** Noise with alpha, which no encoder is done with in a moment. */
function picture(frame: number): Uint8Array {
  let seed = frame + 1;
  const noise = (): number => ((seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31) * 0.5;
  return writeExr({
    window: sized(256, 144),
    channels: RGBA,
    compression: "zip",
    value: (channel, x) => (channel === "A" ? (x < 100 ? 0.5 : 1) : noise()),
  });
}

/** A job whose frames are all filed, by a runner that makes no videos. */
async function filedJob(format: string): Promise<number> {
  const path = join(await scenes(), "animated.blend");
  const id = await farm.api.submit(path, { frames: `1-${FRAMES}`, resolutionPercentage: 400, format });
  await farm.api.untilJob(id, "queued");
  const task = await hand.lease();
  const { id: taskId, attempt } = task;
  for (let frame = 1; frame <= FRAMES; frame += 1) {
    const answer = await hand.upload({ jobId: id, taskId, attempt, frame, content: picture(frame) });
    expect(answer.status).toBe(200);
  }
  expect((await hand.complete(taskId, { attempt, ok: true })).status).toBe(200);
  return id;
}

const startEncoder = (name = `encoder-${++runners}`): Promise<Runner> =>
  farm.startRunner({ name, env: { PATH: withoutBlender } });

/** Ends a runner in order, so that nobody waits for it. */
async function leave(runner: Runner): Promise<void> {
  runner.signal("SIGTERM");
  expect(await runner.ended()).toBe(0);
}

const videoOf = (tasks: readonly ApiTask[]): ApiTask => tasks.find(({ kind }) => kind === "encode")!;

/** Waits until a video is being encoded; converting is behind it. */
async function midEncode(id: number): Promise<ApiTask> {
  const isEncoding = (tasks: ApiTask[]): boolean => videoOf(tasks).progress?.encoding?.pass != null;
  return videoOf(await farm.api.untilTasks(id, "its video is encoded", isEncoding, 90));
}

/** The FFmpegs of a runner, without what they run in. */
const ffmpegsOf = (runner: Runner): number[] =>
  processesOf(join(runner.workspace, "videos")).filter((pid) => FFMPEG_NAMES.includes(commandName(pid)));

/** One of another Debian's is started by that one's loader; see scripts/fetch-ffmpeg.sh. */
const FFMPEG_NAMES: readonly (string | null)[] = ["ffmpeg", "loader"];

/** Null for a process that has ended since it was listed. */
function commandName(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return null;
  }
}

const noFfmpegOf = (runner: Runner) =>
  until(`no FFmpeg of ${runner.name} is left`, () => ffmpegsOf(runner).length === 0, { seconds: 15 });

async function expectWhole(id: number, name: string): Promise<void> {
  const path = join(farm.folder, name);
  await Bun.write(path, await farm.api.output(id, name));
  const { streams } = ffprobe("-show_streams", "-count_frames", path) as { streams: { nb_read_frames: string }[] };
  expect(Number(streams[0]!.nb_read_frames)).toBe(FRAMES);
}

const logOf = async (id: number, task: ApiTask): Promise<string> => (await farm.api.taskLog(id, task.id)).text();

describe.skipIf(NO_SMALL_DISK !== null)(`a disk that is too small (${NO_SMALL_DISK ?? "mounted for the test"})`, () => {
  test("is told before anything is encoded, and costs no frame", async () => {
    const disk = mountSmallDisk(join(farm.folder, "small"), 64);
    try {
      const id = await filedJob("EXR_264_MP4");
      const workspace = join(disk.path, "workspace");
      const small = await farm.startRunner({ name: "small", workspace, env: { PATH: withoutBlender } });
      const job = await farm.api.untilJob(id, "failed", 60);
      expect(job).toMatchObject({ reason: "disk_full", progress: { framesDone: FRAMES } });
      expect(job.message).toMatch(/takes about 0\.\d GB of disk, and there are 0\.\d GB/);
      expect(readdirSync(join(workspace, "videos"))).toEqual([]);
      await leave(small);

      const large = await startEncoder();
      await farm.api.json("POST", `/api/jobs/${id}/retry`);
      await farm.api.untilJob(id, "completed", 90);
      await expectWhole(id, "video_h264.mp4");
      await leave(large);
    } finally {
      await farm.clear();
      disk.unmount();
    }
  });
});

test("a job waits for a runner that can make its video, says so, and goes on when one comes that has no Blender at all", async () => {
  const id = await filedJob("EXR_264_MP4");
  expect(await hand.ask()).toEqual([]);
  const waiting = await until("the job says what it waits for", async () => {
    const job = await farm.api.job(id);
    return job.message === null ? null : job;
  });
  expect(waiting).toMatchObject({ status: "running", reason: "encoder_unavailable" });
  expect(waiting.message).toContain("libx264");
  expect(waiting.progress.percent).toBeLessThan(100);

  const runner = await startEncoder();
  expect(await farm.api.untilJob(id, "completed", 90)).toMatchObject({ message: null, reason: null });
  await expectWhole(id, "video_h264.mp4");
  await leave(runner);
});

test("a manager that is killed costs a video nothing, and a runner that is killed only what its FFmpeg was at", async () => {
  const id = await filedJob("EXR_AV1_MP4");
  const runner = await startEncoder();
  const { progress } = await midEncode(id);
  expect(progress).toMatchObject({ total: FRAMES, encoding: { pass: expect.any(Number) as number } });
  // Stands still, so that this takes place in the middle of it however quick the machine is.
  ffmpegsOf(runner).forEach((pid) => process.kill(pid, "SIGSTOP"));
  await farm.manager().kill();
  await farm.restart();
  await farm.api.untilTasks(id, "the runner is heard of", (tasks) => videoOf(tasks).progress !== null);
  await runner.kill();
  await noFfmpegOf(runner);

  const again = await startEncoder(runner.name);
  await farm.api.untilJob(id, "completed", 120);
  const video = videoOf(await farm.api.tasks(id));
  expect(video.attempts.map(({ outcome }) => outcome)).toEqual(["returned", "completed"]);
  const log = await logOf(id, video);
  expect(log).toContain("color, pass");
  expect(log).not.toContain("f_%06d.exr");
  expect((await farm.api.outputs(id)).slice(-2).map(({ name }) => name)).toEqual(["video_av1.avif", "video_av1.mp4"]);
  await expectWhole(id, "video_av1.mp4");
  await until("nothing is kept of it", () => readdirSync(join(again.workspace, "videos")).length === 0);
  await leave(again);
});

test("a video that is canceled ends at once and leaves the frames; another format can be asked for instead", async () => {
  const id = await filedJob("EXR_AV1_MP4");
  const runner = await startEncoder();
  await midEncode(id);
  expect(await farm.api.json("DELETE", `/api/jobs/${id}`)).toMatchObject({ status: "canceled" });
  await noFfmpegOf(runner);
  expect(await farm.api.outputs(id)).toHaveLength(FRAMES);

  await farm.api.json("POST", `/api/jobs/${id}/videos`, { format: "EXR_VP9_WEBM" });
  await farm.api.untilJob(id, "completed", 120);
  const names = (await farm.api.outputs(id)).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("video"))).toEqual(["video_vp9.web.webm", "video_vp9.webm"]);
  expect((await farm.api.tasks(id)).map(({ kind }) => kind)).toEqual(["render", "encode"]);
  await leave(runner);
});
