import { expect, test } from "bun:test";
import type { EncodingProgress } from "#domain/progress.ts";
import { getJob } from "#manager/db/jobs.ts";
import { heartbeat } from "#manager/services/runners.ts";
import { progressOf, videosOf } from "#manager/services/video-views.ts";
import { addQueuedJob, addTestRunner, memoryFarm } from "../../support/memory-farm.ts";
import { complete, fileFrame, fileVideoRow, lease } from "../../support/video-jobs.ts";

test("a job's progress counts its video, and the time left is the encoder's own as soon as it tells", async () => {
  await using farm = await memoryFarm();
  const job = addQueuedJob(farm, { frames: "1-4", format: "EXR_264_MP4" });
  const box = await addTestRunner(farm, "box", { videoFormats: ["EXR_264_MP4"] });
  const progress = () => progressOf(farm, getJob(farm.db, job)!);
  expect(progress()).toEqual({ percent: 0, etaSeconds: null });
  for (let tasks = 0; tasks < 4; tasks += 1) {
    const granted = (await lease(farm, box))!;
    farm.clock.advance(10);
    fileFrame(farm, job, Number(granted.frames));
    await complete(farm, box, granted);
    // 10 s for each frame that is missing; the video is so small that it counts for nothing.
    if (tasks === 1) expect(progress()).toEqual({ percent: 45.4, etaSeconds: 20 });
  }
  expect(progress()).toEqual({ percent: 90.9, etaSeconds: 0 });

  const { task } = (await lease(farm, box))!;
  const tell = (encoding: EncodingProgress) => {
    const news = { frame: 2, done: 2, total: 4, sample: null, samples: null, memoryBytes: null, encoding };
    return heartbeat(farm, box, { tasks: [{ id: task.id, attempt: task.attempt, progress: news }], draining: false });
  };
  await tell({ step: "color", pass: 2, fraction: 0.5, secondsLeft: 33 });
  expect(progress()).toEqual({ percent: 95.4, etaSeconds: 33 });
  expect(videosOf(farm, { id: job })).toMatchObject([
    { format: "EXR_264_MP4", taskId: task.id, status: "leased", fraction: 0.5, secondsLeft: 33, files: [] },
  ]);
  fileVideoRow(farm, job, "video_h264.mp4");
  await complete(farm, box, (await lease(farm, box)) ?? { task, job: getJob(farm.db, job)!, ...RENDER });
  expect(progress()).toEqual({ percent: 100, etaSeconds: null });
  expect(videosOf(farm, { id: job })).toMatchObject([{ fraction: 1, files: [{ name: "video_h264.mp4" }] }]);
});

const RENDER = { kind: "render", frames: "", blenderVersion: "", blender: null } as const;
