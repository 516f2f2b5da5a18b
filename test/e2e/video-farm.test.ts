import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startFarm, type Farm } from "../support/farm.ts";
import { blender } from "../support/scenes.ts";
import { ffmpeg, ffprobe } from "./video-stage.ts";

/** Videos from the upload of a scene to the downloaded file: the compiled program, real Blender and FFmpeg. */
const PATIENCE = 240_000;

let farm: Farm;
let project: string;

beforeAll(async () => {
  farm = await startFarm();
  project = join(farm.folder, "project");
  mkdirSync(project);
  ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-c:a", "pcm_s16le", join(project, "tone.wav"));
  await blender(["--python", join(import.meta.dir, "../fixtures/film.py"), "--", project]);
}, PATIENCE);
afterEach(() => farm?.clear(), PATIENCE);
afterAll(() => farm?.stop(), PATIENCE);

test(
  "a job with a video is done when frames and video are filed",
  async () => {
    await farm.startRunner({ name: "box" });
    const id = await farm.api.submit(join(project, "silent.blend"), { frames: "25-28", format: "EXR_264_MP4" });
    await farm.api.untilJob(id, "completed", 120);
    const outputs = await farm.api.outputs(id);
    expect(outputs.map(({ name }) => name)).toEqual([
      "frame_0025.exr",
      "frame_0026.exr",
      "frame_0027.exr",
      "frame_0028.exr",
      "video_h264.mp4",
    ]);
    const path = join(farm.folder, "video.mp4");
    await Bun.write(path, await farm.api.output(id, "video_h264.mp4"));
    expect(ffprobe("-show_streams", "-count_frames", path)).toMatchObject({
      streams: [{ codec_name: "h264", nb_read_frames: "4", pix_fmt: "yuv420p10le", r_frame_rate: "24/1" }],
    });
  },
  PATIENCE,
);
