import { expect, test } from "bun:test";
import { getJob } from "#manager/db/jobs.ts";
import { setLiveness } from "#manager/services/runner-liveness.ts";
import { noteEncoderWaits } from "#manager/services/waiting.ts";
import { addQueuedJob, addTestRunner, addTestUser, memoryFarm } from "../../support/memory-farm.ts";
import { lease, renderAll } from "../../support/video-jobs.ts";

test("a job says that no runner can make its video, and takes it back when one comes or goes", async () => {
  await using farm = await memoryFarm();
  const ann = addTestUser(farm, "ann@x");
  const job = addQueuedJob(farm, { frames: "1-2", format: "EXR_AV1_MP4", userId: ann });
  const box = await addTestRunner(farm, "box", { videoFormats: ["EXR_264_MP4"] });
  const said = async (): Promise<unknown> => {
    await noteEncoderWaits(farm);
    const { reason, message } = getJob(farm.db, job)!;
    return [reason, message];
  };
  const nobody = ["encoder_unavailable", expect.stringContaining("AV1 video. It takes an FFmpeg with libaom-av1")];
  expect(await said()).toEqual([null, null]);
  await renderAll(farm, box, job);
  expect(await said()).toEqual(nobody);

  const foreign = addTestUser(farm, "ben@x");
  await addTestRunner(farm, "his", { videoFormats: ["EXR_AV1_MP4"], ownerId: foreign });
  expect(await said()).toEqual(nobody);
  const maker = await addTestRunner(farm, "maker", { blender: null, videoFormats: ["EXR_AV1_MP4"] });
  expect(await said()).toEqual([null, null]);
  await setLiveness(farm, maker, "offline");
  expect(await said()).toEqual(nobody);
  await setLiveness(farm, maker, "online");
  expect(await lease(farm, maker)).toMatchObject({ kind: "encode" });
  expect(getJob(farm.db, job)).toMatchObject({ status: "running", reason: null, message: null });
});

test("what is said already is not written again", async () => {
  await using farm = await memoryFarm();
  const job = addQueuedJob(farm, { frames: "1", format: "EXR_AV1_MP4" });
  await renderAll(farm, await addTestRunner(farm, "box"), job);
  await noteEncoderWaits(farm);
  const before = farm.events.latest();
  await noteEncoderWaits(farm);
  expect(farm.events.latest()).toBe(before);
});
