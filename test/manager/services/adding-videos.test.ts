import { describe, expect, test } from "bun:test";
import { AppError } from "#domain/app-error.ts";
import { getJob } from "#manager/db/jobs.ts";
import { addVideo } from "#manager/services/adding-videos.ts";
import { cancelJob, pauseJob } from "#manager/services/job-control.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { addQueuedJob, addTestRunner, memoryFarm, type MemoryFarm, type TestJob } from "../../support/memory-farm.ts";
import { complete, fail, fileVideoRow, lease, renderAll, standing } from "../../support/video-jobs.ts";

/** A job whose frames are all filed, and a runner that makes videos alone. */
async function rendered(farm: MemoryFarm, job: TestJob = {}): Promise<{ job: number; maker: LiveRunner }> {
  const id = addQueuedJob(farm, { frames: "1-3", ...job });
  await renderAll(farm, await addTestRunner(farm, "box"), id);
  const videoFormats = ["EXR_264_MP4", "EXR_AV1_MP4"] as const;
  return { job: id, maker: await addTestRunner(farm, "maker", { blender: null, videoFormats: [...videoFormats] }) };
}

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : String(error));

describe("a video asked for afterwards", () => {
  test("makes a completed job run again, and renders nothing", async () => {
    await using farm = await memoryFarm();
    const { job, maker } = await rendered(farm);
    expect(getJob(farm.db, job)).toMatchObject({ status: "completed", format: "EXR" });
    const startedAtMs = getJob(farm.db, job)!.startedAtMs;
    expect(await addVideo(farm, job, "EXR_264_MP4")).toMatchObject({ status: "running", endedAtMs: null, startedAtMs });
    const granted = (await lease(farm, maker))!;
    expect(granted).toMatchObject({ kind: "encode", frames: "1-3" });
    fileVideoRow(farm, job, "video_h264.mp4");
    await complete(farm, maker, granted);
    expect(standing(farm, job)).toEqual(["completed", "EXR_264_MP4 completed"]);
    await addVideo(farm, job, "EXR_264_MP4");
    expect(standing(farm, job)).toEqual(["completed", "EXR_264_MP4 completed"]);
  });

  test("of a scene with sound has the sound mixed, once for all", async () => {
    await using farm = await memoryFarm();
    const { job } = await rendered(farm, { scene: { hasSound: true } });
    await addVideo(farm, job, "EXR_264_MP4");
    await addVideo(farm, job, "EXR_AV1_MP4");
    expect(standing(farm, job)).toEqual(["running", "sound queued", "EXR_264_MP4 blocked", "EXR_AV1_MP4 blocked"]);
  });

  test("is one, however often it is asked for while it is under way", async () => {
    await using farm = await memoryFarm();
    const { job, maker } = await rendered(farm);
    await addVideo(farm, job, "EXR_264_MP4");
    await lease(farm, maker);
    await addVideo(farm, job, "EXR_264_MP4");
    expect(standing(farm, job)).toEqual(["running", "EXR_264_MP4 leased"]);
  });

  test("of a held job waits with it", async () => {
    await using farm = await memoryFarm();
    const { job, maker } = await rendered(farm, { format: "EXR_264_MP4" });
    await pauseJob(farm, job);
    expect((await addVideo(farm, job, "EXR_AV1_MP4")).status).toBe("paused");
    expect(await lease(farm, maker)).toBeNull();
  });

  test("is refused while frames are missing, and of what is no video", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm);
    const refusal = async (format: string) => addVideo(farm, job, format).catch(codeOf);
    expect(await refusal("EXR_264_MP4")).toBe("conflict");
    expect(await refusal("EXR")).toBe("unknown_format");
    expect(await refusal("GIF")).toBe("unknown_format");
    await cancelJob(farm, job);
    expect(await refusal("EXR_264_MP4")).toBe("conflict");
    expect(standing(farm, job)).toEqual(["canceled"]);
  });

  test("gets fresh tries where it failed before", async () => {
    await using farm = await memoryFarm();
    const { job, maker } = await rendered(farm, { format: "EXR_264_MP4" });
    for (let tries = 0; tries < 3; tries += 1) await fail(farm, maker, (await lease(farm, maker))!);
    await addVideo(farm, job, "EXR_264_MP4");
    expect(standing(farm, job)).toEqual(["queued", "EXR_264_MP4 queued"]);
    expect(await lease(farm, maker)).toMatchObject({ task: { failures: 0, attempt: 4 } });
  });

  test("takes the place of one that failed or was canceled", async () => {
    await using farm = await memoryFarm();
    const { job, maker } = await rendered(farm, { format: "EXR_AV1_MP4" });
    await lease(farm, maker);
    await cancelJob(farm, job);
    await addVideo(farm, job, "EXR_264_MP4");
    expect(standing(farm, job)).toEqual(["queued", "EXR_264_MP4 queued"]);
    const granted = (await lease(farm, maker))!;
    fileVideoRow(farm, job, "video_h264.mp4");
    await complete(farm, maker, granted);
    expect(getJob(farm.db, job)).toMatchObject({ status: "completed", tasksTotal: 4, tasksDone: 4 });
  });

  test("is tried again while another is under way", async () => {
    await using farm = await memoryFarm();
    const { job, maker } = await rendered(farm, { format: "EXR_AV1_MP4" });
    for (let tries = 0; tries < 3; tries += 1) {
      await addVideo(farm, job, "EXR_264_MP4");
      await fail(farm, maker, (await lease(farm, maker))!);
    }
    await lease(farm, maker);
    expect(standing(farm, job)).toEqual(["running", "EXR_AV1_MP4 failed", "EXR_264_MP4 leased"]);
    await addVideo(farm, job, "EXR_AV1_MP4");
    expect(standing(farm, job)).toEqual(["running", "EXR_AV1_MP4 queued", "EXR_264_MP4 leased"]);
  });
});
