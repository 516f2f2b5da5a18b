import { expect, test } from "bun:test";
import { xzUnpackedSize } from "#formats/xz.ts";

/** Packs with xz itself. */
function xz(content: Uint8Array, ...flags: string[]): Uint8Array {
  return Bun.spawnSync(["xz", "-c", ...flags], { stdin: content }).stdout;
}

const noise = crypto.getRandomValues(new Uint8Array(300_000));
const sizeOf = (packed: Uint8Array) => xzUnpackedSize(packed.subarray(-65_536), packed.length);

test("the index at the end of an .xz says what it unpacks to, of one block and of many", () => {
  expect(sizeOf(xz(noise))).toBe(300_000);
  expect(sizeOf(xz(noise, "--block-size=20000"))).toBe(300_000);
  expect(sizeOf(xz(new Uint8Array(50_000_000), "-0"))).toBe(50_000_000);
  expect(sizeOf(xz(new Uint8Array()))).toBe(0);
});

test("nothing is said of what is cut, has several streams, or is no .xz", () => {
  const packed = xz(noise);
  expect(sizeOf(packed.subarray(0, -1))).toBeNull();
  expect(sizeOf(packed.subarray(0, 200_000))).toBeNull();
  expect(sizeOf(Buffer.concat([packed, packed]))).toBeNull();
  expect(sizeOf(noise)).toBeNull();
  expect(sizeOf(new Uint8Array(3))).toBeNull();
});

test("nothing is said where the index is longer than what was read", () => {
  const packed = xz(noise.subarray(0, 5000), "--block-size=100");
  expect(xzUnpackedSize(packed.subarray(-100), packed.length)).toBeNull();
  expect(xzUnpackedSize(packed, packed.length)).toBe(5000);
});
