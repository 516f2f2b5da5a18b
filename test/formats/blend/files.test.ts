import { describe, expect, test } from "bun:test";
import { readBlend } from "#formats/blend/read.ts";
import { chunksOf } from "../../support/blend-bytes.ts";
import type { BlendWriter, StructValues } from "../../support/blend-writer.ts";
import { smallScene } from "../../support/small-scene.ts";

describe("an image", () => {
  test.each([
    [1, "image", "file"],
    [2, "image_sequence", "sequence"],
    [3, "movie", "file"],
    [6, "udim", "tiles"],
  ])("with source %d is a needed file", async (source, kind, shape) => {
    const file = { kind, shape, path: "//a.png", relative: true, packed: false, idCode: "IM", idName: "a" };
    expect<unknown>(await filesOf(image({ source }))).toEqual([file]);
  });

  test.each([4, 5])("with source %d (generated, render result) needs no file", async (source) => {
    expect(await filesOf(image({ source }))).toEqual([]);
  });

  test("that was packed says so", async () => {
    expect(await filesOf(image({ packedfile: 0x99n }))).toMatchObject([{ packed: true }]);
  });

  test("of a library is the library's matter", async () => {
    expect(await filesOf(image({ "id.lib": 0x99n }))).toEqual([]);
  });

  test("without a path needs no file", async () => {
    expect(await filesOf(image({ name: "" }))).toEqual([]);
  });
});

describe("a library", () => {
  const library = () =>
    smallScene().struct("LI", 0x50n, "Library", {
      "id.name": "LIlib",
      name: "//lib.blend",
      filepath: "/home/artist/lib.blend",
    });

  test("is needed when something is linked from it", async () => {
    const files = await filesOf(library().struct("ID", 0x60n, "ID", { name: "OBTree", lib: 0x50n }));
    expect(files).toMatchObject([{ kind: "library", path: "//lib.blend", idName: "lib" }]);
  });

  test("from which nothing is linked any more is not needed", async () => {
    expect(await filesOf(library())).toEqual([]);
  });
});

test("the font inside Blender is not needed, another is", async () => {
  const writer = smallScene()
    .struct("VF", 0x50n, "VFont", { "id.name": "VFBfont", name: "<builtin>" })
    .struct("VF", 0x51n, "VFont", { "id.name": "VFSerif", name: "C:\\Windows\\Fonts\\serif.ttf" });
  expect(await filesOf(writer)).toMatchObject([
    { kind: "font", path: "C:\\Windows\\Fonts\\serif.ttf", relative: false },
  ]);
});

test("a text from a file is in the .blend as well, and one without a file needs none", async () => {
  const writer = smallScene()
    .struct("TX", 0x50n, "Text", { "id.name": "TXnote", name: 0x51n })
    .text("DATA", 0x51n, "//note.txt")
    .struct("TX", 0x52n, "Text", { "id.name": "TXmemo", flags: 1 << 2 });
  expect(await filesOf(writer)).toMatchObject([{ kind: "text", path: "//note.txt", packed: true }]);
});

describe("strips", () => {
  test("of images are one file for each run of numbers", async () => {
    const names = ["shot_0001.png", "shot_0002.png", "title.png", "cut1.0001.jp2", "cut1.0002.jp2"];
    expect(await filesOf(withStrip(0, names))).toMatchObject([
      { kind: "image_sequence", shape: "sequence", path: "//edit/shot_0001.png", idCode: "SC", idName: "Scene" },
      { kind: "image", shape: "file", path: "//edit/title.png" },
      { kind: "image_sequence", shape: "sequence", path: "//edit/cut1.0001.jp2" },
    ]);
  });

  test("of movies are the movie", async () => {
    expect(await filesOf(withStrip(3, ["take1.mov"]))).toMatchObject([{ kind: "movie", path: "//edit/take1.mov" }]);
  });

  function withStrip(type: number, names: string[]): BlendWriter {
    return smallScene()
      .struct("DATA", 0x70n, "Sequence", { type, strip: 0x71n })
      .struct("DATA", 0x71n, "Strip", { dir: "//edit/", stripdata: 0x72n })
      .struct(
        "DATA",
        0x72n,
        "StripElem",
        names.map((name) => ({ name })),
      );
  }
});

function image(values: StructValues): BlendWriter {
  return smallScene().struct("IM", 0x40n, "Image", { "id.name": "IMa", name: "//a.png", source: 1, ...values });
}

async function filesOf(writer: BlendWriter) {
  return (await readBlend(chunksOf(writer.finish()))).file.files;
}
