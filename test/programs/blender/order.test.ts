import { expect, test } from "bun:test";
import fc from "fast-check";
import { frameRuns } from "#programs/blender/order.ts";

test("runs of frames have one step", () => {
  expect(frameRuns([])).toEqual([]);
  expect(frameRuns([7])).toEqual([[7, 7, 1]]);
  expect(frameRuns([1, 2, 3, 4])).toEqual([[1, 4, 1]]);
  expect(frameRuns([0, 5, 10, 15])).toEqual([[0, 15, 5]]);
  expect(frameRuns([3, 1, 2, 10, 12, 14, 20])).toEqual([
    [1, 3, 1],
    [10, 14, 2],
    [20, 20, 1],
  ]);
});

test("runs hold exactly the frames, each once, and in order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60)), (frames) => {
      const rendered = frameRuns(frames).flatMap(([first, last, step]) =>
        Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step),
      );
      expect(rendered).toEqual([...new Set(frames)].sort((a, b) => a - b));
    }),
  );
});
