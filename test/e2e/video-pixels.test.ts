import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { videoCodes } from "#formats/color/video-codes.ts";
import { memorySource } from "#formats/exr/byte-source.ts";
import { splitWebm } from "#formats/webm/split.ts";
import type { VideoOutcome } from "#programs/video/order.ts";
import {
  decode,
  exrValue,
  fileOf,
  HEIGHT,
  makeVideo,
  namesOf,
  PATCHES,
  patchFrames,
  patchMean,
  RAMP,
  setStage,
  WIDTH,
  type Decoded,
  type Stage,
} from "./video-stage.ts";

const MINUTES = 180_000;
const FRAMES = 8;
let stage: Stage;
const outcomes: Partial<Record<string, VideoOutcome>> = {};

beforeAll(async () => {
  stage = await setStage();
  const frames = patchFrames(stage, "patches", FRAMES);
  for (const format of ["EXR_264_MP4", "EXR_AV1_MP4", "EXR_VP9_WEBM"] as const)
    outcomes[format] = await makeVideo(stage, format, { frames, format });
}, MINUTES);
afterAll(() => rmSync(stage.folder, { recursive: true }));

/** The alpha of a WebM of ten bits, by way of its own file: FFmpeg before 9 reads no other. */
async function webmAlpha(path: string): Promise<Decoded[]> {
  const pieces = await Array.fromAsync(splitWebm(memorySource(await readFile(path)), "alpha"));
  writeFileSync(`${path}.ivf`, Buffer.concat(pieces));
  return decode(`${path}.ivf`, "yuv420p10le");
}

type Video = { color: Decoded[]; alpha: Float32Array[] | null; isEightBits: boolean };

const decoded = new Map<string, Promise<Video>>();

function video(name: string): Promise<Video> {
  const known = decoded.get(name) ?? decodeVideo(name);
  decoded.set(name, known);
  return known;
}

async function decodeVideo(name: string): Promise<Video> {
  const isEightBits = name.endsWith(".web.webm");
  if (name === "h264") {
    return { color: decode(fileOf(outcomes["EXR_264_MP4"]!, "video.mp4"), "yuv420p10le"), alpha: null, isEightBits };
  }
  if (name === "av1") {
    const path = fileOf(outcomes["EXR_AV1_MP4"]!, "video.mp4");
    const alpha = decode(path, "gray10le", { stream: 1 }).map(({ y }) => y);
    return { color: decode(path, "yuv420p10le"), alpha, isEightBits };
  }
  const path = fileOf(outcomes["EXR_VP9_WEBM"]!, name === "vp9" ? "video.webm" : name);
  if (isEightBits) {
    const both = decode(path, "yuva420p", { decoder: "libvpx-vp9" });
    return { color: both, alpha: both.map(({ a }) => a), isEightBits };
  }
  return { color: decode(path, "yuv420p10le"), alpha: (await webmAlpha(path)).map(({ y }) => y), isEightBits };
}

test("each format comes out as the files it is promised in", () => {
  expect(namesOf(outcomes["EXR_264_MP4"]!)).toEqual(["video.mp4"]);
  expect(namesOf(outcomes["EXR_AV1_MP4"]!)).toEqual(["video.mp4", "video.avif"]);
  expect(namesOf(outcomes["EXR_VP9_WEBM"]!)).toEqual(["video.webm", "video.web.webm"]);
});

describe.each(["h264", "av1", "vp9", "video.web.webm"])("%s", (name) => {
  const isOnBlack = name === "h264";
  const isWeb = name.endsWith(".web.webm");

  test("known light has the codes of the mapping, in saturated colours and above 1 too", async () => {
    const { color } = await video(name);
    expect(color).toHaveLength(FRAMES);
    const opaque = [387, 767.3, 945.4, 1023];
    // From BT.709 to BT.2020; greys alone would miss a wrong matrix.
    const saturated = [
      [345.7, 390.3, 732.5],
      [662.2, 303.9, 417.7],
      [160, 822.9, 532.2],
    ];
    for (const { y, cb, cr } of [color[0]!, color.at(-1)!]) {
      for (const [column, code] of opaque.entries()) expect(Math.abs(patchMean(y, 0, column) - code)).toBeLessThan(2);
      for (const [number, codes] of saturated.entries()) {
        expect(Math.abs(patchMean(y, 0, 4 + number) - codes[0]!)).toBeLessThan(2);
        expect(Math.abs(patchMean(cb, 0, 4 + number) - codes[1]!)).toBeLessThan(3);
        expect(Math.abs(patchMean(cr, 0, 4 + number) - codes[2]!)).toBeLessThan(3);
      }
    }
  });

  test("the range is full: black is 0 and the brightest 1023", async () => {
    const { color } = await video(name);
    expect(patchMean(color[0]!.y, 0, 7)).toBeLessThanOrEqual(1);
    expect(patchMean(color[0]!.y, 0, 3)).toBeGreaterThanOrEqual(1021);
  });

  test("ten bits are ten bits: a ramp has more than 256 steps", async () => {
    const { color } = await video(name);
    const line = [...color[0]!.y.subarray((RAMP.top + 15) * WIDTH, (RAMP.top + 16) * WIDTH)];
    const steps = new Set(line).size;
    if (isWeb) expect(steps).toBeGreaterThan(90);
    else expect(steps).toBeGreaterThan(256);
    expect(Math.abs(line[2]! - videoCodes(0.051, 0.051, 0.051).y)).toBeLessThan(6);
    expect(Math.abs(line.at(-3)! - videoCodes(0.499, 0.499, 0.499).y)).toBeLessThan(6);
  });

  test("half transparent colour is straight beside alpha, and multiplied on black", async () => {
    const { color } = await video(name);
    const { y, cb, cr } = color[0]!;
    for (const [row, lights] of PATCHES.entries())
      for (const [column, [red, green, blue, alpha]] of lights.entries()) {
        const scale = isOnBlack ? alpha : 1;
        if (alpha === 0) continue;
        const codes = videoCodes(red * scale, green * scale, blue * scale);
        expect(Math.abs(patchMean(y, row, column) - codes.y)).toBeLessThan(isWeb ? 3 : 2);
        expect(Math.abs(patchMean(cb, row, column) - codes.cb)).toBeLessThan(3);
        expect(Math.abs(patchMean(cr, row, column) - codes.cr)).toBeLessThan(3);
      }
    const white = patchMean(y, 1, 0);
    expect(Math.abs(white - (isOnBlack ? 621.5 : 767.3))).toBeLessThan(2);
  });

  test("alpha is there, right, and at full range", async () => {
    const { alpha, isEightBits } = await video(name);
    if (isOnBlack) return expect(alpha).toBeNull();
    expect(alpha).toHaveLength(FRAMES);
    for (const [row, lights] of PATCHES.entries())
      for (const [column, light] of lights.entries()) {
        const error = Math.abs(patchMean(alpha![0]!, row, column) / 1023 - light[3]);
        expect(error).toBeLessThan(isEightBits ? 0.005 : 0.002);
      }
    expect(patchMean(alpha![0]!, 0, 0)).toBeGreaterThanOrEqual(1022);
    expect(patchMean(alpha![0]!, 2, 7)).toBeLessThanOrEqual(1);
  });

  test("alpha moves as it does in the frames", async () => {
    const { alpha } = await video(name);
    if (!alpha) return;
    let [squares, count] = [0, 0];
    for (const [frame, plane] of alpha.entries()) {
      const value = exrValue(frame);
      for (let y = 0; y < HEIGHT; y += 2)
        for (let x = 0; x < WIDTH; x++, count++) squares += (plane[y * WIDTH + x]! / 1023 - value("A", x, y)) ** 2;
    }
    expect(10 * Math.log10(count / squares)).toBeGreaterThan(50);
  });
});
