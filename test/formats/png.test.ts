import { expect, test } from "bun:test";
import { crc32, inflateSync } from "node:zlib";
import { encodePng } from "#formats/png.ts";

const RED = [255, 0, 0, 255];
const CLEAR = [0, 0, 0, 0];

test("a PNG holds the pixels that it was made of, each row without a filter", () => {
  const chunks = chunksOf(encodePng(2, 2, Uint8Array.from([...RED, ...CLEAR, ...CLEAR, ...RED])));
  expect(chunks.map(({ type }) => type)).toEqual(["IHDR", "IDAT", "IEND"]);
  expect([...chunks[0]!.data]).toEqual([0, 0, 0, 2, 0, 0, 0, 2, 8, 6, 0, 0, 0]);
  expect([...inflateSync(chunks[1]!.data)]).toEqual([0, ...RED, ...CLEAR, 0, ...CLEAR, ...RED]);
});

test("every chunk of a PNG carries its right checksum", () => {
  for (const { crc, covered } of chunksOf(encodePng(1, 1, Uint8Array.from(RED)))) expect(crc).toBe(crc32(covered));
});

test("pixels that do not fit the size are refused", () => {
  expect(() => encodePng(2, 2, new Uint8Array(15))).toThrow(RangeError);
  expect(() => encodePng(0, 2, new Uint8Array(0))).toThrow(RangeError);
});

function chunksOf(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [];
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const covered = png.subarray(at + 4, at + 8 + length);
    chunks.push({
      type: new TextDecoder().decode(covered.subarray(0, 4)),
      data: covered.subarray(4),
      covered,
      crc: view.getUint32(at + 8 + length),
    });
    at += 12 + length;
  }
  return chunks;
}
