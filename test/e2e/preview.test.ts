import { afterAll, beforeAll, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFfmpeg } from "#programs/ffmpeg/abilities.ts";
import type { PreviewOptions } from "#programs/ffmpeg/preview.ts";
import { findPreviewTools, makePreview, type PreviewTools } from "#programs/preview.ts";
import { run } from "../programs/fixtures/door.ts";
import { RGBA, sized, writeExr } from "../support/exr-writer.ts";

const MINUTE = 60_000;
const WIDTH = 160;
const PLAIN: PreviewOptions = { width: WIDTH, hasAlpha: false, layer: null, exposure: 0 };
const folder = mkdtempSync(join(tmpdir(), "preview-"));
let tools: PreviewTools;

beforeAll(async () => {
  tools = await findPreviewTools(run);
}, MINUTE);
afterAll(() => rmSync(folder, { recursive: true }));

type Rgba = readonly [r: number, g: number, b: number, a: number];

/** Four fields of linear light, colour multiplied by alpha: middle grey, white, far brighter than white, and the last as given. */
function fields(last: Rgba): readonly [Rgba, Rgba, Rgba, Rgba] {
  return [[0.18, 0.18, 0.18, 1], [1, 1, 1, 1], [4, 4, 4, 1], last];
}

/** Writes an EXR of four fields side by side, 640 pixels wide; in a layer if one is named. */
function exr(name: string, last: Rgba, layer?: string): string {
  const path = join(folder, name);
  const prefix = layer === undefined ? "" : `${layer}.`;
  const channels = Object.fromEntries(Object.entries(RGBA).map(([channel, type]) => [prefix + channel, type]));
  const value = (channel: string, x: number): number =>
    fields(last)[Math.floor(x / 160)]!["RGBA".indexOf(channel.at(-1)!)]!;
  writeFileSync(path, writeExr({ window: sized(640, 64), channels, compression: "zip", value }));
  return path;
}

/** The colours in the middle of the four fields, as a browser shows them. */
async function preview(
  path: string,
  options: Partial<PreviewOptions>,
  only: Partial<PreviewTools> = {},
): Promise<Rgba[]> {
  const out = `${path}.webp`;
  await makePreview(path, out, { ...PLAIN, ...options }, { ...tools, ...only }, run);
  const read = spawnSync("ffmpeg", ["-v", "error", "-i", out, "-f", "rawvideo", "-pix_fmt", "rgba", "-"]);
  expect(read.stdout.byteLength).toBe(WIDTH * (64 / 4) * 4);
  return [20, 60, 100, 140].map(
    (x) => [...read.stdout.subarray(4 * (8 * WIDTH + x), 4 * (8 * WIDTH + x) + 4)] as unknown as Rgba,
  );
}

/** Within three codes of 255: WebP rounds, and colours twice. */
function expectColours(found: readonly Rgba[], wanted: readonly Rgba[]): void {
  const far = found.flatMap((colour, field) =>
    colour.map((code, channel) => Math.abs(code - wanted[field]![channel]!)),
  );
  expect({ found, far: far.filter((distance) => distance > 3) }).toEqual({ found: [...found], far: [] });
}

const GREY: Rgba = [118, 118, 118, 255];
const WHITE: Rgba = [255, 255, 255, 255];
/** Light of 1 and of 4: highlights roll off, so that both can be told apart. */
const [DIFFUSE, BRIGHT]: [Rgba, Rgba] = [
  [239, 239, 239, 255],
  [250, 250, 250, 255],
];

test(
  "an opaque frame looks as Blender shows it, with highlights that can be told apart",
  async () => {
    const path = exr("opaque.exr", [0.5, 0.25, 0, 1]);
    expectColours(await preview(path, {}), [GREY, DIFFUSE, BRIGHT, [188, 137, 0, 255]]);
    const [, diffuse, bright] = await preview(path, {});
    expect(bright![0] - diffuse![0]).toBeGreaterThan(6);
  },
  MINUTE,
);

test(
  "where FFmpeg is missing ImageMagick does the same, with highlights cut off",
  async () => {
    const path = exr("quick.exr", [0.5, 0.25, 0, 1]);
    const wanted: Rgba[] = [GREY, WHITE, WHITE, [188, 137, 0, 255]];
    expectColours(await preview(path, {}, { ffmpeg: null }), wanted);
  },
  MINUTE,
);

test(
  "the exposure of the scene's view makes it brighter or darker",
  async () => {
    const path = exr("exposed.exr", [0.25, 0.25, 0.25, 1]);
    expectColours(await preview(path, { exposure: -2 }), [
      [59, 59, 59, 255],
      [137, 137, 137, 255],
      DIFFUSE,
      [71, 71, 71, 255],
    ]);
    const quick = await preview(path, { exposure: 1 }, { ffmpeg: null });
    expectColours(quick, [[162, 162, 162, 255], WHITE, WHITE, [188, 188, 188, 255]]);
  },
  MINUTE,
);

test(
  "a frame whose alpha is left away lies on black",
  async () => {
    const path = exr("on-black.exr", [0.5, 0.5, 0.5, 0.5]);
    const last: Rgba = [188, 188, 188, 255];
    expectColours(await preview(path, {}), [GREY, DIFFUSE, BRIGHT, last]);
    expectColours(await preview(path, {}, { ffmpeg: null }), [GREY, WHITE, WHITE, last]);
  },
  MINUTE,
);

test(
  "half transparent white stays white, without a dark fringe",
  async () => {
    const path = exr("alpha.exr", [0.5, 0.5, 0.5, 0.5]);
    expectColours(await preview(path, { hasAlpha: true }), [GREY, DIFFUSE, BRIGHT, [239, 239, 239, 128]]);
  },
  MINUTE,
);

test(
  "of several layers the picture is shown",
  async () => {
    const layer = "ViewLayer.Combined";
    const path = exr("layers.exr", [0.5, 0.5, 0.5, 0.5], layer);
    expectColours(await preview(path, { hasAlpha: true, layer }), [GREY, DIFFUSE, BRIGHT, [239, 239, 239, 128]]);
  },
  MINUTE,
);

test(
  "a file that is no picture is told in the programs' words",
  async () => {
    const path = join(folder, "broken.exr");
    writeFileSync(path, "not an EXR");
    const made = makePreview(path, `${path}.webp`, PLAIN, tools, run);
    expect(made).rejects.toMatchObject({ code: "unavailable" });
    await made.catch(() => {});
  },
  MINUTE,
);

test(
  "the installed FFmpeg tells its encoders and filters",
  async () => {
    const ffmpeg = await findFfmpeg(run);
    expect(ffmpeg?.encoders).toEqual(expect.arrayContaining(["libx264", "libaom-av1", "libvpx-vp9", "aac", "libopus"]));
    expect(ffmpeg?.filters).toEqual(["zscale", "lut1d"]);
    expect(ffmpeg?.hasAlphaModes).toBe(Number.parseInt(ffmpeg!.version, 10) >= 9);
  },
  MINUTE,
);
