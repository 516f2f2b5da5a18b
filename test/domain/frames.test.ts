import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { AppError } from "#domain/app-error.ts";
import { formatFrames, frameName, parseFrames, sceneFrames } from "#domain/frames.ts";

describe("frames are read", () => {
  test.each([
    ["7", [7]],
    ["0", [0]],
    ["1-4", [1, 2, 3, 4]],
    ["1-10x5", [1, 6]],
    ["1,7,20-22", [1, 7, 20, 21, 22]],
    [" 3 , 1-2 ", [1, 2, 3]],
    ["5-5", [5]],
    ["1-3,2-4", [1, 2, 3, 4]],
  ])("%p", (text, frames) => {
    expect(parseFrames(text)).toEqual(frames);
  });

  test.each(["", "a", "10-1", "1-", "-5", "1-10x0", "1,,2", "1.5", "1-2-3", "1x2", "9999999999", "1-10000000"])(
    "%p is refused with a sentence",
    (text) => {
      try {
        parseFrames(text);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect((error as AppError).code).toBe("invalid_frames");
        expect((error as AppError).message).toMatch(/\.$/);
      }
    },
  );

  test("100,000 frames are taken and one more is refused", () => {
    expect(parseFrames("1-100000")).toHaveLength(100_000);
    expect(() => parseFrames("1-100001")).toThrow("at most 100000");
    expect(() => parseFrames("1-60000,60001-100001")).toThrow("at most 100000");
  });
});

describe("frames are written", () => {
  test.each([
    [[1], "1"],
    [[1, 2], "1,2"],
    [[1, 2, 3], "1-3"],
    [[1, 6, 11], "1-11x5"],
    [[1, 2, 3, 7, 9, 11], "1-3,7-11x2"],
    [[], ""],
  ])("%p as %p", (frames, text) => {
    expect(formatFrames(frames)).toBe(text);
  });

  test("what is written is read as the same frames", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 200 }), (frames) => {
        expect(parseFrames(formatFrames(frames))).toEqual(frames.toSorted((a, b) => a - b));
      }),
    );
  });
});

test("a scene's own range keeps its step", () => {
  expect(sceneFrames(1, 24, 1)).toBe("1-24");
  expect(sceneFrames(0, 10, 5)).toBe("0-10x5");
  expect(sceneFrames(4, 4, 3)).toBe("4");
});

test("a frame's file has four digits or more", () => {
  expect([0, 7, 12345].map(frameName)).toEqual(["frame_0000.exr", "frame_0007.exr", "frame_12345.exr"]);
});
