import { expect, test } from "bun:test";
import { DIFFUSE_WHITE_LIGHT, hlgFromLight, lightFromHlg } from "#formats/color/hlg.ts";

test("the two pieces of the curve meet at one twelfth, where the signal is one half", () => {
  expect(hlgFromLight(1 / 12)).toBeCloseTo(0.5, 7);
  expect(hlgFromLight(1 / 12 + 1e-9)).toBeCloseTo(0.5, 6);
});

test("black is 0, the brightest light 1, and nothing is beyond them", () => {
  expect(hlgFromLight(0)).toBe(0);
  expect(hlgFromLight(1)).toBeCloseTo(1, 6);
  expect(hlgFromLight(-3)).toBe(0);
  expect(hlgFromLight(7)).toBe(hlgFromLight(1));
});

test("a signal turns back into its light", () => {
  for (const light of [0.001, 0.05, 1 / 12, 0.26496, 0.9])
    expect(lightFromHlg(hlgFromLight(light))).toBeCloseTo(light, 9);
});

test("diffuse white lies at 75 % and the grey card at 38 %, as in BT.2408", () => {
  expect(DIFFUSE_WHITE_LIGHT).toBeCloseTo(0.26496, 5);
  expect(hlgFromLight(0.18 * DIFFUSE_WHITE_LIGHT)).toBeCloseTo(0.3783, 4);
});
