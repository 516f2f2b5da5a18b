import { expect, test } from "bun:test";
import { frameRate, frameTimeMs } from "#formats/frame-rate.ts";

const text = (fps: number, base: number): string => {
  const { numerator, denominator } = frameRate(fps, base);
  return `${numerator}/${denominator}`;
};

test("whole rates stay whole", () => {
  expect([text(24, 1), text(25, 1), text(60, 1), text(1, 1)]).toEqual(["24/1", "25/1", "60/1", "1/1"]);
});

test("the rates of television are exact, although Blender keeps their base in single precision", () => {
  const base = Math.fround(1.001);
  expect(base).not.toBe(1.001);
  expect([text(24, base), text(30, base), text(60, base)]).toEqual(["24000/1001", "30000/1001", "60000/1001"]);
});

test("any base that somebody may type", () => {
  expect(text(2997, 100)).toBe("2997/100");
  expect(text(1, 60)).toBe("1/60");
  expect(text(24, Math.fround(1.2345))).toBe("16000/823");
  expect(text(120, Math.fround(0.5))).toBe("240/1");
});

test("parts too large for FFmpeg become the nearest that are not", () => {
  const { numerator, denominator } = frameRate(24, Math.fround(1.234567));
  expect(Math.max(numerator, denominator)).toBeLessThanOrEqual(1_001_000);
  expect(numerator / denominator / (24 / 1.234567)).toBeCloseTo(1, 9);
});

test("nothing, less and infinity are no rates", () => {
  for (const [fps, base] of [
    [0, 1],
    [24, 0],
    [-24, 1],
    [Infinity, 1],
    [NaN, 1],
  ] as const)
    expect(() => frameRate(fps, base)).toThrow(RangeError);
});

test("times of frames do not drift", () => {
  const rate = frameRate(24, 1.001);
  expect([0, 1, 2, 3].map((frame) => frameTimeMs(frame, rate))).toEqual([0, 42, 83, 125]);
  expect(frameTimeMs(24_000, rate)).toBe(1_001_000);
});
