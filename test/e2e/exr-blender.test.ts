import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memorySource } from "#formats/exr/byte-source.ts";
import { checkExr, type ExrSummary } from "#formats/exr/check.ts";
import { pixelDigest } from "#formats/exr/pixel-digest.ts";
import { largestDifference, readExrPixels } from "../support/exr-pixels.ts";

/** Renders one small picture and saves it in every way that Blender knows;
 * `again` is the same picture once more, of another frame. */
const SCRIPT = `
import bpy, sys
folder = sys.argv[-1]
scene = bpy.context.scene
scene.render.engine = "CYCLES"
scene.cycles.samples = 1
scene.cycles.use_denoising = False
scene.render.film_transparent = True
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 52, 38, 100
scene.view_layers[0].use_pass_z = True
bpy.ops.render.render()
settings = scene.render.image_settings
def save(name, format, codec, depth):
    settings.file_format = format
    settings.color_mode = "RGBA"
    settings.color_depth = depth
    settings.exr_codec = codec
    bpy.data.images["Render Result"].save_render(folder + "/" + name + ".exr", scene=scene)
for codec in ("NONE", "RLE", "ZIPS", "ZIP", "PIZ", "PXR24", "B44", "B44A", "DWAA", "DWAB"):
    for depth in ("16",) if codec.startswith("B44") else ("16", "32"):
        save(codec.lower() + "-" + depth, "OPEN_EXR", codec, depth)
save("layers", "OPEN_EXR_MULTILAYER", "ZIP", "16")
scene.frame_set(7)
bpy.ops.render.render()
save("again", "OPEN_EXR", "ZIP", "16")
`;

let folder: string;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "exr-blender-"));
  const args = ["-b", "--factory-startup", "--python-exit-code", "1", "--python-expr", SCRIPT, "--", folder];
  const blender = Bun.spawn(["blender", ...args], {
    stdout: "ignore",
    stderr: "inherit",
    env: { PATH: process.env.PATH },
  });
  expect(await blender.exited).toBe(0);
  files = new Map();
  for (const name of await readdir(folder)) files.set(name, await Bun.file(join(folder, name)).bytes());
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("EXRs of the installed Blender", () => {
  test("are whole in all codecs and depths, and as large as the scene says", async () => {
    expect(files.size).toBe(20);
    for (const [name, bytes] of files) {
      const [codec, depth] = name.replace(".exr", "").split("-");
      const summary = await checkExr(memorySource(bytes));
      expect(summary).toMatchObject({ width: 52, height: 38, views: [] });
      expect(summary.dataWindow).toEqual(summary.displayWindow);
      if (depth === undefined) continue;
      expect(summary.compression).toBe(codec as ExrSummary["compression"]);
      const type = depth === "16" ? "half" : "float";
      expect(summary.channels.map((channel) => `${channel.name}:${channel.type}`)).toEqual(
        ["A", "B", "G", "R"].map((channel) => `${channel}:${type}`),
      );
    }
  });

  test("tell their layers", async () => {
    const summary = await checkExr(memorySource(files.get("layers.exr")!));
    expect(summary.layers).toEqual(["ViewLayer.Combined", "ViewLayer.Depth"]);
  });

  test("hold Blender's notes", async () => {
    const { parts } = await checkExr(memorySource(files.get("again.exr")!));
    expect(parts[0]!.texts.get("Scene")).toBe("Scene");
    expect(parts[0]!.texts.get("Camera")).toBe("Camera");
  });

  test("are refused when they are cut off anywhere", async () => {
    const bytes = files.get("zip-16.exr")!;
    for (let length = 0; length < bytes.byteLength; length += 97) {
      const error = await checkExr(memorySource(bytes.subarray(0, length))).catch((thrown: unknown) => thrown);
      expect({ length, error }).toMatchObject({ length, error: { code: "truncated" } });
    }
  });

  test("have the same digest when only the notes differ, and another one in another depth", async () => {
    const digest = (name: string): Promise<string> => pixelDigest(memorySource(files.get(name)!));
    expect(Bun.hash(files.get("zip-16.exr")!)).not.toBe(Bun.hash(files.get("again.exr")!));
    expect(await digest("again.exr")).toBe(await digest("zip-16.exr"));
    expect(await digest("zip-32.exr")).not.toBe(await digest("zip-16.exr"));
  });

  test("decode to the same pixels from all lossless codecs", async () => {
    for (const depth of [16, 32]) {
      const expected = await readExrPixels(files.get(`none-${depth}.exr`)!);
      expect(Math.max(...expected.channels.get("A")!)).toBe(1);
      for (const codec of ["rle", "zips", "zip"]) {
        const pixels = await readExrPixels(files.get(`${codec}-${depth}.exr`)!);
        expect({ codec, difference: largestDifference(pixels, expected) }).toEqual({ codec, difference: 0 });
      }
    }
  });
});
