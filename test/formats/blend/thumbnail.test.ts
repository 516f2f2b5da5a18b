import { expect, test } from "bun:test";
import { readBlend } from "#formats/blend/read.ts";
import { thumbnailPng } from "#formats/blend/thumbnail.ts";
import { chunksOf } from "../../support/blend-bytes.ts";
import { type BlendFormat, FORMAT_2_48_PPC, FORMAT_3_4 } from "../../support/blend-writer.ts";
import { smallScene } from "../../support/small-scene.ts";

const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];

test.each([FORMAT_3_4, FORMAT_2_48_PPC])("the preview comes with its top row first (%o)", async (format) => {
  const thumbnail = await thumbnailOf(test1x2(format, [...BLUE, ...RED]), format);
  expect(thumbnail).toEqual({ width: 1, height: 2, rgba: Uint8Array.from([...RED, ...BLUE]) });
});

test("the preview becomes a PNG", async () => {
  const thumbnail = await thumbnailOf(test1x2(FORMAT_3_4, [...BLUE, ...RED]), FORMAT_3_4);
  expect(thumbnail && [...thumbnailPng(thumbnail).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
});

test.each([
  ["with fewer pixels than it says", [...sizes(2, 2), ...RED]],
  ["with a negative size", [...sizes(-1, -1), ...RED]],
  ["with a size that no memory holds", [...sizes(2 ** 30, 2 ** 30), ...RED]],
  ["of nothing", []],
])("a preview %s is none", async (_, bytes) => {
  expect(await thumbnailOf(Uint8Array.from(bytes), FORMAT_3_4)).toBeNull();
});

async function thumbnailOf(data: Uint8Array, format: BlendFormat) {
  return (await readBlend(chunksOf(smallScene({}, format).bytes("TEST", 3n, data).finish()))).thumbnail;
}

function test1x2(format: BlendFormat, pixels: number[]): Uint8Array {
  return Uint8Array.from([...sizes(1, 2, format.littleEndian), ...pixels]);
}

function sizes(width: number, height: number, littleEndian = true): number[] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setInt32(0, width, littleEndian);
  new DataView(bytes.buffer).setInt32(4, height, littleEndian);
  return [...bytes];
}
