import { expect, test } from "bun:test";
import { readVp9Frame } from "#formats/vp9.ts";

// Bits: marker 10, profile (low bit first), shows an existing frame, not key, shown, resilient; sync code; depth, space, range.
const KEY_10_BIT_FULL = Uint8Array.of(0b1001_0010, 0x49, 0x83, 0x42, 0b0_101_1_000);
const KEY_8_BIT_LIMITED = Uint8Array.of(0b1000_0010, 0x49, 0x83, 0x42, 0b101_0_0000);

test("a key frame tells profile, depth and range", () => {
  expect(readVp9Frame(KEY_10_BIT_FULL)).toEqual({
    profile: 2,
    isKey: true,
    color: { bitDepth: 10, isFullRange: true },
  });
  expect(readVp9Frame(KEY_8_BIT_LIMITED)).toEqual({
    profile: 0,
    isKey: true,
    color: { bitDepth: 8, isFullRange: false },
  });
});

test("twelve bits, and RGB, which is always at full range", () => {
  const twelve = Uint8Array.of(0b1001_0010, 0x49, 0x83, 0x42, 0b1_101_0_000);
  expect(readVp9Frame(twelve).color).toEqual({ bitDepth: 12, isFullRange: false });
  const rgb = Uint8Array.of(0b1011_0001, 0b0_0100_100, 0b1_1000_001, 0b1_0100_001, 0b0_0_111_0_00);
  expect(readVp9Frame(rgb)).toMatchObject({ profile: 3, isKey: true, color: { bitDepth: 10, isFullRange: true } });
});

test("other frames, and one that shows an earlier frame again, are no key frames", () => {
  expect(readVp9Frame(Uint8Array.of(0b1001_0110, 0xff))).toEqual({ profile: 2, isKey: false, color: null });
  expect(readVp9Frame(Uint8Array.of(0b1001_1000))).toEqual({ profile: 2, isKey: false, color: null });
});

test("anything else is refused", () => {
  expect(() => readVp9Frame(Uint8Array.of(0x00, 0x01))).toThrow("not a VP9 frame");
  expect(() => readVp9Frame(new Uint8Array(0))).toThrow("not a VP9 frame");
  expect(() => readVp9Frame(Uint8Array.of(0b1001_0010, 1, 2, 3, 4))).toThrow("damaged");
});
