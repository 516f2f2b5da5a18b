import { expect, test } from "bun:test";
import { isStatusLine, parseMissingEngine, parseProgress } from "#programs/blender/output.ts";

/** Lines as the versions print them. */
const CYCLES_2 =
  "Fra:1 Mem:9.10M (0.00M, Peak 9.12M) | Time:00:00.05 | Remaining:00:01.50 | Mem:0.20M, Peak:0.20M | Scene, View Layer | Rendered 1/6 Tiles, Sample 4/4, Denoised 0 tiles";
const CYCLES_3 =
  "Fra:1 Mem:9.91M (Peak 10.83M) | Time:00:00.04 | Remaining:01:00:02.25 | Mem:1.25M, Peak:1.25M | Scene, ViewLayer | Sample 1/4";
const CYCLES_5 = "00:00.661  render           | Fra: 12 | Remaining: 00:00.03 | Mem: 2M | Sample 3/4";
const EEVEE = "Fra:7 Mem:60.52M (Peak 60.52M) | Time:00:02.20 | Rendering 26 / 64 samples";
const SAVED_4 = "Saved: '/p/frame_0001.exr'";
const SAVED_5 = "00:01.002  render           | Saved: '/p/frame_0001.exr'";

test("progress is read from the lines of all versions and engines", () => {
  expect(parseProgress(CYCLES_2)).toEqual({ done: 1, total: 6, remainingSeconds: 1.5 });
  expect(parseProgress(CYCLES_3)).toEqual({ done: 1, total: 4, remainingSeconds: 3602.25 });
  expect(parseProgress(CYCLES_5)).toEqual({ done: 3, total: 4, remainingSeconds: 0.03 });
  expect(parseProgress(EEVEE)).toEqual({ done: 26, total: 64, remainingSeconds: null });
});

test("other lines tell no progress", () => {
  for (const line of ["", SAVED_4, "Fra:1 Mem:9.04M | Synchronizing object | Cube", "Sampled 1/4"]) {
    expect(parseProgress(line)).toBeNull();
  }
});

test("a missing engine is read with the scene that names it", () => {
  const said = "Engine 'LUX CORE' not available for scene 'Scene 'A'' (an add-on may need to be installed or enabled)";
  for (const line of [`Error: ${said}`, `00:00.726  reports          | ERROR ${said}`]) {
    expect(parseMissingEngine(line)).toEqual({ engine: "LUX CORE", scene: "Scene 'A'" });
  }
  expect(parseMissingEngine("Engine started")).toBeNull();
});

test("lines that only tell how it goes on are known", () => {
  for (const line of [CYCLES_2, CYCLES_3, CYCLES_5, EEVEE, SAVED_4, SAVED_5]) expect(isStatusLine(line)).toBe(true);
  for (const line of ["Error: Missing DNA block", "Blender 3.4.1"]) expect(isStatusLine(line)).toBe(false);
});
