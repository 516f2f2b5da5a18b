import { expect, test } from "bun:test";
import { numberPattern } from "#formats/blend/numbered-name.ts";

test.each([
  ["seq/smoke_0001.exr", "seq/smoke_#.exr"],
  ["seq/smoke_####.exr", "seq/smoke_#.exr"],
  ["v2/shot3.0101.png", "v2/shot3.#.png"],
  ["take1.mp4", "take#.mp4"],
  ["skin.<UDIM>.png", "skin.#.png"],
  ["grid.<UVTILE>.png", "grid.u1_v#.png"],
  ["0001", "#"],
  [".0001", ".#"],
  ["2024/wood.png", "2024/wood.png"],
  ["a.b/wood", "a.b/wood"],
])("the number in %s is a place for any", (path, pattern) => {
  expect(numberPattern(path)).toBe(pattern);
});

test("a long run of digits takes no longer than its length", () => {
  const started = performance.now();
  numberPattern(`${"1".repeat(1e6)}a.png`);
  expect(performance.now() - started).toBeLessThan(1000);
});
