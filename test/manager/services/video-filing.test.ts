import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { AppError } from "#domain/app-error.ts";
import { listOutputs } from "#manager/db/outputs.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { fileVideo, type SentVideo } from "#manager/services/video-filing.ts";
import { box, COLOR, mp4File, SOUND } from "../../formats/mp4/mp4-files.ts";
import { sha256Of } from "../../runner/support/fixtures.ts";
import { addQueuedJob, addTestRunner, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";
import { complete, fileFrame, lease } from "../../support/video-jobs.ts";

const VIDEO = mp4File([COLOR, SOUND]);

/** A runner that has the lease of a video of three frames, or, with sound, of its sound. */
async function setUp(farm: MemoryFarm, hasSound = false) {
  const job = addQueuedJob(farm, { frames: "1-3", framesPerTask: 3, format: "EXR_264_MP4", scene: { hasSound } });
  const runner = await addTestRunner(farm, "box", { videoFormats: ["EXR_264_MP4"] });
  const frames = (await lease(farm, runner))!;
  for (const frame of [1, 2, 3]) fileFrame(farm, job, frame);
  await complete(farm, runner, frames);
  const { task } = (await lease(farm, runner))!;
  const send = (content: Uint8Array, more: Partial<SentVideo> = {}, by: LiveRunner = runner) =>
    fileVideo(farm, by, {
      ...{ jobId: job, taskId: task.id, attempt: task.attempt, name: "video_h264.mp4", parts: 1 },
      sha256: sha256Of(content),
      content: pieces(content),
      ...more,
    });
  const filed = () => listOutputs(farm.db, job, 0, 100).filter(({ kind }) => kind !== "frame");
  return { job, runner, task, send, filed };
}

async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 50) yield content.subarray(at, at + 50);
}

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof AppError ? [error.code, error.message] : error),
  );

describe("a video", () => {
  test("is filed, told of, and filed already when it comes again", async () => {
    await using farm = await memoryFarm();
    const { job, send, filed } = await setUp(farm);
    expect(await send(VIDEO)).toMatchObject({ name: "video_h264.mp4", alreadyFiled: false });
    expect(filed()).toMatchObject([{ kind: "video", name: "video_h264.mp4", frame: null, size: VIDEO.length }]);
    const told = farm.events.next(farm.events.latest() - 1);
    expect(told).toMatchObject({ type: "output", jobId: job });
    expect(await send(Buffer.from("something else"))).toMatchObject({ alreadyFiled: true });
  });

  test.each([
    ["whose hash is another", VIDEO, { sha256: "0".repeat(64) }, "wrong_digest", "send it again"],
    ["that is no MP4", Buffer.alloc(500, 7), {}, "bad_frame", "does not begin as MP4 does"],
    ["that is nothing", Buffer.alloc(0), {}, "bad_frame", "does not begin as MP4 does"],
    ["that is cut off", VIDEO.subarray(0, 300), {}, "bad_frame", "video_h264.mp4 is not taken"],
    ["without pictures", mp4File([SOUND]), {}, "bad_frame", "it has no pictures"],
    [
      "with a picture too few",
      mp4File([{ ...COLOR, chunks: [0, 4] }]),
      {},
      "bad_frame",
      "has 2 pictures, and the job 3",
    ],
    ["in fragments", Buffer.concat([VIDEO, box("moof")]), {}, "bad_frame", "fragments"],
    ["with the name of another format", VIDEO, { name: "video_av1.mp4" }, "bad_frame", "is named video_h264.mp4"],
    ["with a path for a name", VIDEO, { name: "../video_h264.mp4" }, "bad_frame", "is named"],
    ["of an attempt that never was", VIDEO, { attempt: 9 }, "not_found", "never had attempt 9"],
  ])("%s is refused, and nothing of it is kept", async (_, content, more, code, message) => {
    await using farm = await memoryFarm();
    const { send, filed } = await setUp(farm);
    expect(await refusal(send(content, more))).toEqual([code, expect.stringContaining(message)]);
    expect(filed()).toEqual([]);
    expect(readdirSync(farm.storage.temp)).toEqual([]);
  });

  test("is not taken from a runner that never had the task, nor for a task that renders", async () => {
    await using farm = await memoryFarm();
    const { job, runner, send } = await setUp(farm);
    const stranger = await addTestRunner(farm, "stranger");
    expect(await refusal(send(VIDEO, {}, stranger))).toContain("not_found");
    const other = addQueuedJob(farm, { frames: "1" });
    const { task } = (await lease(farm, runner))!;
    expect([task.jobId, job]).toEqual([other, job]);
    expect(await refusal(send(VIDEO, { jobId: other, taskId: task.id }))).toContain("bad_frame");
  });
});

test("sound is filed as sound, and nothing else in its place", async () => {
  await using farm = await memoryFarm();
  const { send, filed } = await setUp(farm, true);
  const name = "sound.flac";
  expect(await refusal(send(Buffer.from("RIFF sound"), { name }))).toContain("bad_frame");
  expect(await refusal(send(VIDEO))).toContain("bad_frame");
  await send(Buffer.from("fLaC and what follows"), { name });
  expect(filed()).toMatchObject([{ kind: "sound", name }]);
});
