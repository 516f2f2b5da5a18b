import { expect, test } from "bun:test";
import { videoCodes } from "#formats/color/video-codes.ts";

const rounded = (r: number, g: number, b: number): string[] => {
  const { y, cb, cr } = videoCodes(r, g, b);
  return [y, cb, cr].map((code) => code.toFixed(1));
};

test("greys have no colour", () => {
  expect(rounded(0, 0, 0)).toEqual(["0.0", "512.0", "512.0"]);
  expect(rounded(0.18, 0.18, 0.18)).toEqual(["387.0", "512.0", "512.0"]);
  expect(rounded(12, 12, 12)).toEqual(["1023.0", "512.0", "512.0"]);
});

// Computed independently of this code, from the primaries and BT.2100; greys alone would miss a wrong matrix.
test("red, green and blue of BT.709 are where BT.2020 has them", () => {
  expect(rounded(1, 0, 0)).toEqual(["345.7", "390.3", "732.5"]);
  expect(rounded(0, 1, 0)).toEqual(["662.2", "303.9", "417.7"]);
  expect(rounded(0, 0, 1)).toEqual(["160.0", "822.9", "532.2"]);
});

test("light below zero is black", () => {
  expect(rounded(-1, -1, -1)).toEqual(["0.0", "512.0", "512.0"]);
});
