import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Farm } from "../support/farm.ts";
import { readExrPixels } from "../support/exr-pixels.ts";
import { startFilmFarm } from "./film-farm.ts";
import { ffmpeg } from "./video-stage.ts";

/** The exposure of a scene's view, from the .blend through the farm into its video: the compiled program, real Blender and FFmpeg. */
const PATIENCE = 240_000;
setDefaultTimeout(PATIENCE);

/** The scene's fields from left to right, each 16 pixels wide in a picture of 80 x 32. */
const LIGHTS = [0.18, 1, 4, 12];
const WIDTH = 80;
const PIXELS = WIDTH * 32;

let farm: Farm;
let project: string;

beforeAll(async () => {
  ({ farm, project } = await startFilmFarm());
}, PATIENCE);
afterAll(() => farm?.stop(), PATIENCE);

/** The code of grey light: BT.2100's HLG of the scene's light, 1 at 75 %, with a shoulder above it that has 12 at the top. */
function codeOf(light: number): number {
  const shoulder = 1.193788;
  const shown = light <= 1 ? light : 1 + shoulder * Math.log(1 + (light - 1) / shoulder);
  const scene = Math.min(1, 0.264962 * shown);
  return 1023 * (scene <= 1 / 12 ? Math.sqrt(3 * scene) : 0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073);
}

/** The middle of each field in a plane. */
const fieldsOf = (plane: ArrayLike<number>): number[] =>
  LIGHTS.map((_, field) => {
    const spots = [13, 16, 19].flatMap((y) => [6, 8, 10].map((x) => plane[y * WIDTH + field * 16 + x]!));
    return spots.reduce((sum, value) => sum + value, 0) / spots.length;
  });

/** The luma of a video's first frame, of a file that is downloaded as a user does. */
async function lumaOf(id: number, name: string): Promise<number[]> {
  const path = join(farm.folder, `${id}-${name}`);
  await Bun.write(path, await farm.api.output(id, name));
  const raw = ["-map", "0:v:0", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-"];
  return fieldsOf(new Uint16Array(new Uint8Array(ffmpeg("-i", path, ...raw)).buffer, 0, PIXELS));
}

async function expectLit(id: number, name: string, gain: number): Promise<void> {
  for (const [field, code] of (await lumaOf(id, name)).entries())
    expect(Math.abs(code - codeOf(gain * LIGHTS[field]!)), `${name}, field ${field}: ${code}`).toBeLessThan(3);
}

test("what is expected here is what the mapping is known for: 18 % grey at 38 %, white at 75 %, 12 at the top", () => {
  expect(LIGHTS.map((light) => Math.round(codeOf(light)))).toEqual([387, 767, 945, 1023]);
});

test.each([
  ["brighter", 1, "bright"],
  ["darker", -1, "dark"],
])("a scene that is to be seen one stop %s has EXRs as ever, and videos that are", async (_, exposure, scene) => {
  const gain = 2 ** exposure;
  const id = await farm.api.submit(join(project, `${scene}.blend`), { frames: "25-26", format: "EXR_264_MP4" });
  await farm.api.untilJob(id, "completed", 180);
  const exr = await readExrPixels(await farm.api.output(id, "frame_0025.exr"));
  for (const [field, light] of fieldsOf(exr.channels.get("G")!).entries())
    expect(Math.abs(light / LIGHTS[field]! - 1)).toBeLessThan(0.002);
  await expectLit(id, "video_h264.mp4", gain);

  for (const format of ["EXR_VP9_WEBM", "EXR_AV1_MP4"]) {
    expect((await farm.api.call("POST", `/api/jobs/${id}/videos`, { format })).status).toBe(200);
    await farm.api.untilJob(id, "completed", 180);
  }
  await expectLit(id, "video_vp9.webm", gain);
  await expectLit(id, "video_av1.mp4", gain);
  expect((await farm.api.tasks(id)).filter(({ kind }) => kind === "render")).toHaveLength(1);
});
