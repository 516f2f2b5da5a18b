import { describe, expect, test } from "bun:test";
import { gunzipSync, gzipSync, zstdDecompressSync } from "node:zlib";
import type { BlendFile } from "#formats/blend/blend-file.ts";
import { readBlend, readBlendFile } from "#formats/blend/read.ts";
import { blendErrorOf, chunksOf } from "../../support/blend-bytes.ts";
import { BlendWriter, type BlendFormat, FORMAT_2_48_PPC, FORMAT_3_4, FORMAT_5_0 } from "../../support/blend-writer.ts";
import { SMALL_DNA, smallScene } from "../../support/small-scene.ts";
import { zstdAsBlender } from "../../support/zstd-as-blender.ts";

const FIXTURES = new URL("../../fixtures/blend/", import.meta.url).pathname;
const FORMATS: BlendFormat[] = [FORMAT_2_48_PPC, { ...FORMAT_2_48_PPC, littleEndian: true }, FORMAT_3_4, FORMAT_5_0];

describe.each(["2.83", "3.4", "4.3", "5.2"])("a file saved by Blender %s", (version) => {
  const file = Bun.file(`${FIXTURES}shot-${version}.blend`);

  test("reads as that Blender reads it", async () => {
    const { file: blend } = await readBlendFile(file);
    expect(comparable(blend)).toEqual(await Bun.file(`${FIXTURES}shot-${version}.json`).json());
  });

  test("needs the files of its strips and modifiers", async () => {
    const { files } = (await readBlendFile(file)).file;
    const own = files.filter(({ idCode }) => idCode === "SC" || idCode === "OB");
    expect(own.map(({ kind, path, idName }) => [kind, path, idName])).toEqual([
      ["image_sequence", "//edit/shot_0001.png", "Shot"],
      ["image", "//edit/title.png", "Shot"],
      ["cache", "//cache/mesh.mdd", "Baked mesh"],
      ["cache", "//cache/cloth", "Cloth on disk"],
    ]);
  });

  test("reads the same in whatever pieces it comes, compressed or not", async () => {
    const { file: blend } = await readBlendFile(file);
    const stored = await file.bytes();
    const raw = new Uint8Array(blend.compression === "gzip" ? gunzipSync(stored) : zstdDecompressSync(stored));
    expect((await readBlend(chunksOf(stored, 1000))).file).toEqual(blend);
    expect((await readBlend(chunksOf(raw, 33))).file).toEqual({ ...blend, compression: "none" });
    expect((await readBlendFile(new Blob([raw]))).file).toEqual({ ...blend, compression: "none" });
  });
});

describe.each(FORMATS)("a file of version $version with $pointerBytes-byte pointers", (format) => {
  const raw = smallScene({ "r.efra": 99, camera: 0x99n }, format)
    .struct("OB", 0x99n, "Object", { "id.name": "OBCamera", type: 11 })
    .finish();

  test.each([
    ["none", raw],
    ["gzip", new Uint8Array(gzipSync(raw))],
    ["zstd", zstdAsBlender(raw, 2000)],
  ] as const)("is read with compression %s", async (compression, stored) => {
    const { file } = await readBlend(chunksOf(stored, 100));
    expect(file).toMatchObject({
      versionNumber: format.version,
      pointerBytes: format.pointerBytes,
      endianness: format.littleEndian ? "little" : "big",
      compression,
      subversion: 5,
      activeScene: "Scene",
      scenes: [{ name: "Scene", frameEnd: 99, camera: "Camera", engine: "CYCLES" }],
    });
  });

  test("is never taken for whole when it is cut off, whatever its compression", async () => {
    for (const stored of [raw, gzipSync(raw), zstdAsBlender(raw, 2000)]) {
      // Of the last head only the code counts, and of zstd only what comes before the seek table.
      const needed = stored === raw ? raw.length - 28 : stored.length - 80;
      for (let length = 8; length < needed; length += 37) {
        expect(await blendErrorOf(readBlend(chunksOf(stored.subarray(0, length))))).toBe("truncated");
        expect(await blendErrorOf(readBlendFile(new Blob([stored.slice(0, length)])))).toBe("truncated");
      }
    }
  });
});

test.each([
  ["empty", ""],
  ["git_lfs_pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"],
  ["not_a_blend", "Kaydara FBX Binary"],
  ["truncated", "BLENDER-v304"],
])("a file can be %s", async (code, content) => {
  expect<string>(await blendErrorOf(readBlendFile(new Blob([content])))).toBe(code);
});

test("a compressed file that is no .blend is not taken for one", async () => {
  expect(await blendErrorOf(readBlendFile(new Blob([gzipSync("a tar archive, perhaps")])))).toBe("not_a_blend");
});

test("a file without the description of its structs is damaged", async () => {
  const file = new BlendWriter(SMALL_DNA).finish();
  const dna = Buffer.from(file).indexOf("DNA1");
  file.set(new TextEncoder().encode("DNA2"), dna);
  expect(await blendErrorOf(readBlendFile(new Blob([file])))).toBe("damaged");
});

test("a stream that is no .blend is let go of", async () => {
  let closed = false;
  async function* stream() {
    try {
      yield new TextEncoder().encode("Kaydara FBX Binary, which is long enough to tell it from a .blend for sure.");
      yield new Uint8Array(10);
    } finally {
      closed = true;
    }
  }
  expect(await blendErrorOf(readBlend(stream()))).toBe("not_a_blend");
  expect(closed).toBe(true);
});

/** The parts that `make.py` asks of Blender, in its order. */
function comparable({ version, activeScene, scenes, files, scripts, physics }: BlendFile): unknown {
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    version,
    activeScene,
    scenes: scenes.map((scene) => ({
      ...scene,
      cameras: scene.cameras.toSorted(),
      compositor: {
        ...scene.compositor,
        fileOutputs: scene.compositor.fileOutputs.toSorted((a, b) => byText(a.path, b.path)),
      },
    })),
    files: files
      .filter(({ idCode }) => idCode !== "SC" && idCode !== "OB")
      .map(({ path, packed }) => [path.replaceAll("\\", "/"), packed])
      .toSorted(byText),
    scripts: scripts.map(({ name }) => name),
    physics: physics.map(({ kind, object }) => [kind, object]).toSorted(byText),
  };
}
