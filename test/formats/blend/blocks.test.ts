import { describe, expect, test } from "bun:test";
import { type BlendBlocks, scanBlocks } from "#formats/blend/blocks.ts";
import { type BlendLimits, DEFAULT_LIMITS } from "#formats/blend/limits.ts";
import { scanChunks } from "#formats/blend/scan.ts";
import { blendErrorOf, chunksOf } from "../../support/blend-bytes.ts";
import { type BlendFormat, FORMAT_2_48_PPC, FORMAT_3_4, FORMAT_5_0 } from "../../support/blend-writer.ts";
import { smallScene } from "../../support/small-scene.ts";

const FORMAT_2_48: BlendFormat = { version: 248, pointerBytes: 4, littleEndian: true };
const FIRST_BLOCK = 12;

describe("the blocks of a file", () => {
  test.each([
    ["with 4-byte addresses", FORMAT_2_48],
    ["of a big-endian machine, whose ID codes stand behind zeros", FORMAT_2_48_PPC],
    ["with 8-byte addresses", FORMAT_3_4],
    ["of 5.0, whose heads are larger and in another order", FORMAT_5_0],
  ])("%s are found", async (_, format) => {
    const file = smallScene({}, format)
      .struct("OB", 0x20n, "Object", { "id.name": "OBCube" })
      .struct("DATA", 0x30n, "Base")
      .struct("DATA", 0x40n, "Base")
      .finish();
    const { datablocks, partial } = await blocksOf(file);
    expect(datablocks.map(({ code, address, blocks }) => [code, address, blocks.length])).toEqual([
      ["GLOB", 0x8n, 0],
      ["SC", 0x10n, 0],
      ["OB", 0x20n, 2],
      ["DNA1", 1n, 0],
    ]);
    expect(partial).toBe(false);
  });

  test("that say nothing about a render are left out, with all that belongs to them", async () => {
    const file = smallScene().struct("WM", 0x20n, "ID").struct("DATA", 0x30n, "Base").finish();
    const { datablocks } = await blocksOf(file);
    expect(datablocks.flatMap(({ code, blocks }) => [code, ...blocks.map((block) => block.code)])).toEqual([
      "GLOB",
      "SC",
      "DNA1",
    ]);
  });

  test("of raw bytes are kept where they may be a path", async () => {
    const file = smallScene().text("DATA", 0x30n, "//path").bytes("DATA", 0x40n, new Uint8Array(5000)).finish();
    const { datablocks } = await blocksOf(file);
    expect(datablocks.find(({ code }) => code === "SC")?.blocks.map(({ address }) => address)).toEqual([0x30n]);
  });

  test("of an ID that is not kept do not become another's", async () => {
    const file = smallScene().bytes("OB", 0x20n, new Uint8Array(0)).struct("DATA", 0x30n, "Base").finish();
    expect((await blocksOf(file)).datablocks.flatMap(({ blocks }) => blocks)).toEqual([]);
  });

  test("are whole when the last head is cut short behind its code", async () => {
    const file = smallScene().finish();
    expect((await blocksOf(file.subarray(0, -20))).datablocks).toHaveLength(3);
    expect(await blendErrorOf(blocksOf(file.subarray(0, -21)))).toBe("truncated");
  });
});

describe("a file is damaged", () => {
  test("when a block's length is wrong", async () => {
    const file = smallScene().finish();
    new DataView(file.buffer).setInt32(FIRST_BLOCK + 4, 40, true);
    expect(await blendErrorOf(blocksOf(file))).toBe("damaged");
  });

  test.each([
    ["negative", FORMAT_3_4, FIRST_BLOCK + 7],
    ["more than a file can have", FORMAT_5_0, 17 + 22],
  ])("when a block's length is %s", async (_, format, at) => {
    const file = smallScene({}, format).finish();
    file[at] = 0xff;
    expect(await blendErrorOf(blocksOf(file))).toBe("damaged");
  });
});

describe("limits", () => {
  test("a file of too many blocks is too large", async () => {
    expect(await blendErrorOf(blocksOf(smallScene().finish(), { blocks: 3 }))).toBe("too_large");
  });

  test("objects that would take too much memory are dropped, and the reading is partial", async () => {
    const writer = smallScene();
    for (let n = 0; n < 100; n++) writer.struct("OB", BigInt(1000 + n), "Object").struct("DATA", 1n, "Base");
    const { datablocks, partial } = await blocksOf(writer.finish(), { keptBytes: 32_000 });
    expect(partial).toBe(true);
    const objects = datablocks.filter(({ code }) => code === "OB");
    expect(objects.length).toBeGreaterThan(10);
    expect(objects.length).toBeLessThan(50);
  });

  test("what cannot be dropped is too large", async () => {
    const writer = smallScene();
    for (let n = 0; n < 100; n++) writer.struct("IM", BigInt(1000 + n), "Image");
    expect(await blendErrorOf(blocksOf(writer.finish(), { keptBytes: 32_000 }))).toBe("too_large");
  });
});

function blocksOf(file: Uint8Array, limits: Partial<BlendLimits> = {}): Promise<BlendBlocks> {
  return scanChunks(scanBlocks({ ...DEFAULT_LIMITS, ...limits }), chunksOf(file));
}
