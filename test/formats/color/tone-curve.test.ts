import { expect, test } from "bun:test";
import { toneCurve } from "#formats/color/tone-curve.ts";

test("light up to diffuse white is left alone", () => {
  for (const light of [-1, 0, 0.18, 1]) expect(toneCurve(light)).toBe(light);
});

test("twelve times diffuse white is the brightest that HLG has", () => {
  expect(toneCurve(12)).toBeCloseTo(3.7741, 4);
});

test("the curve has no kink and no end", () => {
  expect((toneCurve(1 + 1e-6) - 1) / 1e-6).toBeCloseTo(1, 4);
  expect(toneCurve(4)).toBeLessThan(4);
  expect(toneCurve(40)).toBeGreaterThan(toneCurve(12));
});
