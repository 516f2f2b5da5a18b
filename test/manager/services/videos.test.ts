import { describe, expect, test } from "bun:test";
import { parseFrames } from "#domain/frames.ts";
import { LEASE_SECONDS } from "#domain/lease.ts";
import { listWarnings } from "#manager/db/job-warnings.ts";
import { getJob } from "#manager/db/jobs.ts";
import { cancelJob, pauseJob, resumeJob, retryJob } from "#manager/services/job-control.ts";
import { rebuildMemory } from "#manager/services/rebuild.ts";
import { reap } from "#manager/services/runners.ts";
import { addQueuedJob, addTestRunner, memoryFarm } from "../../support/memory-farm.ts";
import { complete, fail, fileFrame, fileVideoRow, lease, renderAll, standing } from "../../support/video-jobs.ts";

const H264 = { frames: "1-3", framesPerTask: 2, format: "EXR_264_MP4" } as const;
const ENCODER = { blender: null, videoFormats: ["EXR_264_MP4", "EXR_AV1_MP4"] } as const;
const encoder = { ...ENCODER, videoFormats: [...ENCODER.videoFormats] };

describe("a video", () => {
  test("is queued with the last frame, and the job is done with the video", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, H264);
    const [box, maker] = [await addTestRunner(farm, "box"), await addTestRunner(farm, "maker", encoder)];
    expect(await lease(farm, maker)).toBeNull();
    expect(standing(farm, job)).toEqual(["queued", "EXR_264_MP4 blocked"]);
    await renderAll(farm, box, job);
    expect(standing(farm, job)).toEqual(["running", "EXR_264_MP4 queued"]);
    const granted = (await lease(farm, maker))!;
    expect(granted).toMatchObject({
      ...{ kind: "encode", frames: "1-3" },
      video: { format: "EXR_264_MP4", rate: { numerator: 24, denominator: 1 }, exposure: 0, sound: null },
    });
    fileVideoRow(farm, job, "video_h264.mp4");
    await complete(farm, maker, granted);
    expect(standing(farm, job)).toEqual(["completed", "EXR_264_MP4 completed"]);
  });

  test("goes to no runner that cannot make its format, also after a restart of the manager", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, { ...H264, format: "EXR_VP9_WEBM" });
    const [box, maker] = [await addTestRunner(farm, "box"), await addTestRunner(farm, "maker", encoder)];
    await renderAll(farm, box, job);
    rebuildMemory(farm);
    expect([await lease(farm, box), await lease(farm, maker)]).toEqual([null, null]);
    const vp9 = await addTestRunner(farm, "vp9", { blender: null, videoFormats: ["EXR_VP9_WEBM"] });
    expect(await lease(farm, vp9)).toMatchObject({ kind: "encode" });
  });

  test("of which not every file is filed is not complete; alpha makes it two", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, { ...H264, format: "EXR_AV1_MP4" });
    const maker = await addTestRunner(farm, "maker", { videoFormats: ["EXR_AV1_MP4"] });
    for (let rendered = 0; rendered < 2; rendered += 1) {
      const granted = (await lease(farm, maker))!;
      for (const frame of parseFrames(granted.frames)) fileFrame(farm, job, frame);
      await complete(farm, maker, granted);
    }
    const granted = (await lease(farm, maker))!;
    const refused = expect.objectContaining({ code: "frames_missing" }) as Error;
    expect(await complete(farm, maker, granted).catch((error: unknown) => error)).toEqual(refused);
    fileVideoRow(farm, job, "video_av1.mp4", 2);
    expect(await complete(farm, maker, granted).catch((error: unknown) => error)).toEqual(refused);
    fileVideoRow(farm, job, "video_av1.avif", 2);
    await complete(farm, maker, granted);
    expect(standing(farm, job)).toEqual(["completed", "EXR_AV1_MP4 completed"]);
  });

  test("that fails three times fails the job and leaves its frames; retry makes nothing but the video", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, H264);
    const [box, maker] = [await addTestRunner(farm, "box"), await addTestRunner(farm, "maker", encoder)];
    await renderAll(farm, box, job);
    for (let tries = 0; tries < 3; tries += 1) await fail(farm, maker, (await lease(farm, maker))!, "bad_output");
    expect(standing(farm, job)).toEqual(["failed", "EXR_264_MP4 failed"]);
    expect(getJob(farm.db, job)).toMatchObject({ reason: "bad_output", framesDone: 3 });
    await retryJob(farm, job);
    expect(await lease(farm, box)).toBeNull();
    expect(await lease(farm, maker)).toMatchObject({ kind: "encode", task: { attempt: 4, failures: 0 } });
  });

  test("that was filed before its runner vanished is complete", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, H264);
    const [box, maker] = [await addTestRunner(farm, "box"), await addTestRunner(farm, "maker", encoder)];
    await renderAll(farm, box, job);
    await lease(farm, maker);
    fileVideoRow(farm, job, "video_h264.mp4");
    farm.clock.advance(LEASE_SECONDS + 1);
    await reap(farm);
    expect(standing(farm, job)).toEqual(["completed", "EXR_264_MP4 completed"]);
  });

  test("is canceled with its job, and waits for the frames again after a retry", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, H264);
    const box = await addTestRunner(farm, "box", { videoFormats: ["EXR_264_MP4"] });
    await lease(farm, box);
    await cancelJob(farm, job);
    expect(standing(farm, job)).toEqual(["canceled", "EXR_264_MP4 canceled"]);
    await retryJob(farm, job);
    expect(standing(farm, job)).toEqual(["queued", "EXR_264_MP4 blocked"]);
    for (let tasks = 0; tasks < 2; tasks += 1) {
      const granted = (await lease(farm, box))!;
      for (const frame of parseFrames(granted.frames)) fileFrame(farm, job, frame);
      await complete(farm, box, granted);
    }
    await lease(farm, box);
    await cancelJob(farm, job);
    await retryJob(farm, job);
    expect(standing(farm, job)).toEqual(["queued", "EXR_264_MP4 queued"]);
  });

  test("of a job that is held is queued, and made when it goes on", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, { ...H264, framesPerTask: 3 });
    const [box, maker] = [await addTestRunner(farm, "box"), await addTestRunner(farm, "maker", encoder)];
    const granted = (await lease(farm, box))!;
    await pauseJob(farm, job);
    for (const frame of [1, 2, 3]) fileFrame(farm, job, frame);
    await complete(farm, box, granted);
    expect(standing(farm, job)).toEqual(["paused", "EXR_264_MP4 queued"]);
    expect(await lease(farm, maker)).toBeNull();
    await resumeJob(farm, job);
    expect(await lease(farm, maker)).toMatchObject({ kind: "encode" });
  });

  test("is made of the left eye, and the job says so", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, { ...H264, framesPerTask: 3, scene: { multiview: true } });
    const box = await addTestRunner(farm, "box");
    const granted = (await lease(farm, box))!;
    for (const frame of [1, 2, 3]) fileFrame(farm, job, frame, [`frame_000${frame}_R.exr`, `frame_000${frame}_L.exr`]);
    await complete(farm, box, granted);
    expect(listWarnings(farm.db, job).map(({ message }) => message)).toEqual([
      "Each frame came out as 2 files. The video is made of frame_0001_L.exr and its like.",
      "The scene has several views. The video shows the first of them, in stereo the left eye.",
    ]);
  });
});

describe("sound", () => {
  const FILM = { ...H264, scene: { hasSound: true } };

  test("is mixed as soon as the first frame is there, and the video waits for it", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, { ...FILM, framesPerTask: 1 });
    const box = await addTestRunner(farm, "box");
    expect(standing(farm, job)).toEqual(["queued", "sound queued", "EXR_264_MP4 blocked"]);
    const first = (await lease(farm, box))!;
    expect(first.kind).toBe("render");
    fileFrame(farm, job, 1);
    await complete(farm, box, first);
    const sound = (await lease(farm, box))!;
    expect(sound).toMatchObject({ kind: "sound", firstFrame: 1, lastFrame: 3, blenderVersion: "3.4.1" });
    await renderAll(farm, box, job);
    expect(standing(farm, job)).toEqual(["running", "sound leased", "EXR_264_MP4 blocked"]);
    fileVideoRow(farm, job, "sound.flac");
    await complete(farm, box, sound);
    expect(standing(farm, job)).toEqual(["running", "sound completed", "EXR_264_MP4 queued"]);
    const maker = await addTestRunner(farm, "maker", encoder);
    expect(await lease(farm, maker)).toMatchObject({
      video: { sound: { name: "sound.flac", size: 10, sha256: "of sound.flac", spans: null } },
    });
  });

  test("that turns out to be silence is no file, and no obstacle", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, { ...FILM, framesPerTask: 3 });
    const box = await addTestRunner(farm, "box", { videoFormats: ["EXR_264_MP4"] });
    const frames = (await lease(farm, box))!;
    for (const frame of [1, 2, 3]) fileFrame(farm, job, frame);
    await complete(farm, box, frames);
    await complete(farm, box, (await lease(farm, box))!);
    expect(await lease(farm, box)).toMatchObject({ kind: "encode", video: { sound: null } });
  });

  test("that fails fails the job; the frames stay, and retry mixes it again", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, { ...FILM, framesPerTask: 3 });
    const box = await addTestRunner(farm, "box");
    const frames = (await lease(farm, box))!;
    for (const frame of [1, 2, 3]) fileFrame(farm, job, frame);
    await complete(farm, box, frames);
    for (let tries = 0; tries < 3; tries += 1) await fail(farm, box, (await lease(farm, box))!);
    expect(standing(farm, job)).toEqual(["failed", "sound failed", "EXR_264_MP4 blocked"]);
    await retryJob(farm, job);
    expect(standing(farm, job)).toEqual(["queued", "sound queued", "EXR_264_MP4 blocked"]);
    expect(await lease(farm, box)).toMatchObject({ kind: "sound" });
  });

  test.each([
    ["with a step", "1-9x2", 10, null, "One frame of 2"],
    ["with gaps", "1-3,7-9", 9, 2, "its sound is cut where they are"],
  ])("of frames %s is that of the time they show", async (_, frames, lastFrame, spans, warning) => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, { ...FILM, frames, framesPerTask: 100 });
    expect(listWarnings(farm.db, job)).toMatchObject([{ code: "video_gaps" }]);
    expect(listWarnings(farm.db, job)[0]!.message).toContain(warning);
    const box = await addTestRunner(farm, "box", { videoFormats: ["EXR_264_MP4"] });
    const granted = (await lease(farm, box))!;
    for (const frame of parseFrames(frames)) fileFrame(farm, job, frame);
    await complete(farm, box, granted);
    const sound = (await lease(farm, box))!;
    expect(sound).toMatchObject({ kind: "sound", firstFrame: 1, lastFrame });
    fileVideoRow(farm, job, "sound.flac");
    await complete(farm, box, sound);
    const video = (await lease(farm, box))!;
    expect(video.kind === "encode" && (video.video.sound?.spans?.length ?? null)).toBe(spans);
  });
});

test("a rate of 23.976 is exact, and with a frame step each frame lasts longer", async () => {
  await using farm = await memoryFarm();
  const box = await addTestRunner(farm, "box", { videoFormats: ["EXR_264_MP4"] });
  const rateOf = async (frames: string): Promise<unknown> => {
    const job = addQueuedJob(farm, { ...H264, frames, framesPerTask: 100, scene: { fps: 24, fpsBase: 1.001 } });
    const granted = (await lease(farm, box))!;
    for (const frame of parseFrames(frames)) fileFrame(farm, job, frame);
    await complete(farm, box, granted);
    const video = (await lease(farm, box))!;
    await cancelJob(farm, job);
    return video.kind === "encode" ? video.video.rate : null;
  };
  expect(await rateOf("5-7")).toEqual({ numerator: 24_000, denominator: 1001 });
  expect(await rateOf("1-5x2")).toEqual({ numerator: 12_000, denominator: 1001 });
});
