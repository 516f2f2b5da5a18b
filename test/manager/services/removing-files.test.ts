import { describe, expect, test } from "bun:test";
import { insertUpload } from "#manager/db/files.ts";
import { listRemovals } from "#manager/db/removals.ts";
import { insertFrame } from "#manager/db/outputs.ts";
import { deleteJob } from "#manager/db/jobs.ts";
import { takeInLater } from "#manager/services/intake.ts";
import { cancelJob, purgeJob } from "#manager/services/job-control.ts";
import { createJob, mustGetJob } from "#manager/services/jobs.ts";
import { previewOf } from "#manager/services/previews.ts";
import { resumeRemovals } from "#manager/services/removing-files.ts";
import type { SceneTools } from "#manager/services/scene-tools.ts";
import { fileVideo } from "#manager/services/video-filing.ts";
import { attemptLogPath, contextPath, outputPath, uploadPath } from "#manager/storage/layout.ts";
import { COLOR, mp4File } from "../../formats/mp4/mp4-files.ts";
import { filesUnder } from "../storage/support/temp-layout.ts";
import { sha256Of } from "../../runner/support/fixtures.ts";
import { addQueuedJob, addTestRunner, addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";
import { complete, fileFrame, lease } from "../../support/video-jobs.ts";

async function purge(farm: MemoryFarm, jobId: number): Promise<void> {
  await cancelJob(farm, jobId);
  await purgeJob(farm, mustGetJob(farm, jobId));
}

/** A draft with an upload that is on the disk. */
async function draft(farm: MemoryFarm): Promise<{ jobId: number; uploadId: number }> {
  const { id: jobId } = await createJob(farm, { id: addTestUser(farm, "ann@x"), admin: false } as never, { name: "x" });
  const uploadId = insertUpload(farm.db, { jobId, name: "scene.blend", size: 5, createdAtMs: 0 });
  await Bun.write(uploadPath(farm.storage, uploadId), "scene");
  return { jobId, uploadId };
}

describe("of a job that is deleted nothing stays", () => {
  test("neither files, nor the note that they are to be removed", async () => {
    await using farm = await memoryFarm();
    const { jobId } = await draft(farm);
    await Bun.write(contextPath(farm.storage, jobId), "tar");
    await Bun.write(attemptLogPath(farm.storage, jobId, 1, 1), "log");
    await Bun.write(outputPath(farm.storage, jobId, "frame_0001.exr"), "exr");
    await purge(farm, jobId);
    expect(await filesUnder(farm.storage.root)).toEqual([]);
    await farm.background.settled();
    expect(listRemovals(farm.db)).toEqual([]);
  });

  test("when it happens while its upload is taken in", async () => {
    const tools: Partial<SceneTools> = {
      readBlend: async () => {
        await purge(farm, jobId);
        throw new Error("the file has vanished under the reader");
      },
    };
    await using farm = await memoryFarm(tools);
    const { jobId } = await draft(farm);
    takeInLater(farm, jobId);
    await farm.background.settled();
    expect(await filesUnder(farm.storage.root)).toEqual([]);
    expect(listRemovals(farm.db)).toEqual([]);
  });

  test("when it happens while a video of it arrives; its runner is told that there is no such job", async () => {
    await using farm = await memoryFarm();
    const job = addQueuedJob(farm, { frames: "1", format: "EXR_264_MP4" });
    const runner = await addTestRunner(farm, "box", { videoFormats: ["EXR_264_MP4"] });
    const frames = (await lease(farm, runner))!;
    fileFrame(farm, job, 1);
    await complete(farm, runner, frames);
    const { task } = (await lease(farm, runner))!;
    const video = mp4File([{ ...COLOR, chunks: [0] }]);
    const sending = fileVideo(farm, runner, {
      ...{ jobId: job, taskId: task.id, attempt: task.attempt, name: "video_h264.mp4", parts: 1 },
      sha256: sha256Of(video),
      content: (async function* () {
        await purge(farm, job);
        yield video;
      })(),
    });
    expect(await sending.catch((error: unknown) => error)).toMatchObject({ code: "not_found" });
    expect(await filesUnder(farm.storage.root)).toEqual([]);
  });

  test("when it happens while a picture of it is made; who asked is told that there is no such job", async () => {
    const tools: Partial<SceneTools> = {
      makePreview: async (_, to) => {
        await purge(farm, jobId);
        await Bun.write(to, "picture");
      },
    };
    await using farm = await memoryFarm(tools);
    const jobId = addQueuedJob(farm, { frames: "1" });
    const name = "frame_0001.exr";
    const row = { jobId, name, frame: 1, parts: 1, size: 1, sha256: "00", createdAtMs: 0 };
    const file = { ...row, id: insertFrame(farm.db, row)!, kind: "frame" } as const;
    const request = new Request("http://localhost/");
    const asking = previewOf(farm, mustGetJob(farm, jobId), file, { size: "medium", request });
    expect(await asking.catch((error: unknown) => error)).toMatchObject({ code: "not_found" });
    expect(await filesUnder(farm.storage.root)).toEqual([]);
  });

  test("when the manager ends before the files are gone, from its next start on", async () => {
    await using farm = await memoryFarm();
    const { jobId, uploadId } = await draft(farm);
    await Bun.write(contextPath(farm.storage, jobId), "tar");
    deleteJob(farm.db, jobId);
    expect(listRemovals(farm.db)).toEqual([
      { kind: "job", id: jobId },
      { kind: "upload", id: uploadId },
    ]);
    resumeRemovals(farm);
    await farm.background.settled();
    expect(await filesUnder(farm.storage.root)).toEqual([]);
    expect(listRemovals(farm.db)).toEqual([]);
  });
});
