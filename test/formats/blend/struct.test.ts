import { describe, expect, test } from "bun:test";
import { BlockIndex } from "#formats/blend/block-index.ts";
import { scanBlocks } from "#formats/blend/blocks.ts";
import { DEFAULT_LIMITS } from "#formats/blend/limits.ts";
import { scanChunks } from "#formats/blend/scan.ts";
import { datablocks, localDatablocks, type Struct } from "#formats/blend/struct.ts";
import { blendErrorOf, chunksOf } from "../../support/blend-bytes.ts";
import { type BlendWriter, FORMAT_2_48_PPC, FORMAT_3_4 } from "../../support/blend-writer.ts";
import { smallScene } from "../../support/small-scene.ts";

describe.each([
  ["little-endian 64-bit", FORMAT_3_4],
  ["big-endian 32-bit", FORMAT_2_48_PPC],
])("the fields of a %s file", (_, format) => {
  test("are read by their path, also inside other structs", async () => {
    const scene = await firstOf(
      "SC",
      smallScene({ "r.efra": -7, "r.im_format.planes": 32, "r.frs_sec_base": 1.001 }, format),
    );
    expect(scene.idName).toBe("Scene");
    expect(scene.number("r.efra")).toBe(-7);
    expect(scene.number("r.im_format.planes")).toBe(32);
    expect(scene.number("r.frs_sec_base")).toBe(1.001);
    expect(scene.text("r.engine")).toBe("CYCLES");
  });

  test("point to other datablocks and to this one's data", async () => {
    const writer = smallScene({ camera: 0x99n, "markers.first": 0x30n }, format)
      .struct("DATA", 0x30n, "TimeMarker", { frame: 12, camera: 0x99n })
      .struct("OB", 0x99n, "Object", { "id.name": "OBCämera" });
    const scene = await firstOf("SC", writer);
    expect(scene.datablockName("camera")).toBe("Cämera");
    expect([...scene.list("markers")].map((marker) => marker.number("frame"))).toEqual([12]);
  });
});

describe("a field", () => {
  test("of many names is read by the first that the file knows", async () => {
    const scene = await firstOf("SC", smallScene({ "r.cfra": 5 }));
    expect(scene.number("r.newName", "r.cfra", "r.sfra")).toBe(5);
    expect(scene.number("r.unknown", "no.such.path")).toBeNull();
    expect(scene.has("r.unknown")).toBe(false);
  });

  test("that is no finite number is null", async () => {
    expect((await firstOf("SC", smallScene({ "r.frs_sec_base": NaN }))).number("r.frs_sec_base")).toBeNull();
    expect((await firstOf("SC", smallScene({ "r.frs_sec_base": Infinity }))).number("r.frs_sec_base")).toBeNull();
  });

  test("behind the end of the block is null, empty or no pointer", async () => {
    const writer = smallScene().bytes("SC", 0x20n, new Uint8Array(4), "Scene");
    const scene = (await structsOf("SC", writer)).at(-1);
    expect([scene?.number("r.cfra"), scene?.text("r.engine"), scene?.points("camera")]).toEqual([null, "", false]);
  });
});

describe("pointers", () => {
  test("mean the data of their own datablock, where another has data at the same address", async () => {
    const writer = smallScene({ "markers.first": 0x30n })
      .struct("DATA", 0x30n, "TimeMarker", { frame: 1 })
      .struct("SC", 0x20n, "Scene", { "id.name": "SCOther", "markers.first": 0x30n })
      .struct("DATA", 0x30n, "TimeMarker", { frame: 2 });
    const frames = (await structsOf("SC", writer)).map((scene) => scene.follow("markers.first")?.number("frame"));
    expect(frames).toEqual([1, 2]);
  });

  test("to nowhere lead nowhere", async () => {
    const scene = await firstOf("SC", smallScene({ camera: 0xdeadn, "markers.first": 0xbeefn, ed: 0xfeedn }));
    expect(scene.datablock("camera")).toBeNull();
    expect([...scene.list("markers")]).toEqual([]);
    expect(scene.follow("ed")).toBeNull();
  });

  test("larger than a double can tell apart are told apart", async () => {
    const near = 0x7000_0000_0000_0001n;
    const writer = smallScene({ camera: near })
      .struct("OB", near - 1n, "Object", { "id.name": "OBwrong" })
      .struct("OB", near, "Object", { "id.name": "OBright" });
    expect((await firstOf("SC", writer)).datablockName("camera")).toBe("right");
  });
});

describe("a list", () => {
  test("that goes round ends", async () => {
    const writer = smallScene({ "markers.first": 0x30n })
      .struct("DATA", 0x30n, "TimeMarker", { frame: 1, next: 0x31n })
      .struct("DATA", 0x31n, "TimeMarker", { frame: 2, next: 0x30n });
    expect([...(await firstOf("SC", writer)).list("markers")].map((marker) => marker.number("frame"))).toEqual([1, 2]);
  });

  test("cannot keep the reader busy for longer than the limit", async () => {
    const writer = smallScene({ "markers.first": 0x30n });
    for (let n = 0n; n < 50n; n++) writer.struct("DATA", 0x30n + n, "TimeMarker", { next: 0x31n + n });
    const reading = structsOf("SC", writer, 40).then(([scene]) => [...(scene?.list("markers") ?? [])]);
    expect(await blendErrorOf(reading)).toBe("too_large");
  });
});

test("what belongs to a library is not the file's own", async () => {
  const writer = smallScene().struct("IM", 0x40n, "Image", { "id.lib": 0x50n }).struct("IM", 0x41n, "Image");
  const index = await indexOf(writer);
  expect(datablocks(index, "IM")).toHaveLength(2);
  expect(localDatablocks(index, "IM")).toHaveLength(1);
});

async function indexOf(writer: BlendWriter, steps = 1000): Promise<BlockIndex> {
  return new BlockIndex(await scanChunks(scanBlocks(DEFAULT_LIMITS), chunksOf(writer.finish())), steps);
}

async function structsOf(code: string, writer: BlendWriter, steps?: number): Promise<Struct[]> {
  return datablocks(await indexOf(writer, steps), code);
}

async function firstOf(code: string, writer: BlendWriter): Promise<Struct> {
  const [first] = await structsOf(code, writer);
  if (!first) throw new Error(`no ${code}`);
  return first;
}
