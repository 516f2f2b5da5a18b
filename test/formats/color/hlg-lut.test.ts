import { expect, test } from "bun:test";
import { hlgLut, hlgSignal } from "#formats/color/hlg-lut.ts";

const lines = hlgLut().trimEnd().split("\n");
const entries = lines.slice(2).map((line) => line.split(" ").map(Number));

test("the table has a head, and three equal columns that rise from 0 to 1", () => {
  expect(lines[0]).toBe('TITLE "PQ to HLG"');
  expect(lines[1]).toBe("LUT_1D_SIZE 4096");
  expect(entries).toHaveLength(4096);
  expect(entries[0]).toEqual([0, 0, 0]);
  expect(entries[4095]).toEqual([1, 1, 1]);
  for (const [at, [r, g, b]] of entries.entries()) {
    expect([g, b]).toEqual([r, r]);
    expect(r!).toBeGreaterThanOrEqual(entries[at - 1]?.[0] ?? 0);
  }
});

test("the PQ of diffuse white leads to 75 %", () => {
  expect(entries[Math.round(0.58069 * 4095)]![0]).toBeCloseTo(0.75, 3);
});

test("signals are those of the mapping: grey card, white, highlights", () => {
  const codes = [0.18, 1, 4, 12, 100].map((light) => (1023 * hlgSignal(light)).toFixed(1));
  expect(codes).toEqual(["387.0", "767.3", "945.4", "1023.0", "1023.0"]);
});
