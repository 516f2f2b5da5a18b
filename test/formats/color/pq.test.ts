import { expect, test } from "bun:test";
import { nitsFromPq } from "#formats/color/pq.ts";

test("the signals of known luminances are those of BT.2408 and ST 2084", () => {
  expect(nitsFromPq(0)).toBe(0);
  expect(nitsFromPq(0.5081)).toBeCloseTo(100, 0);
  expect(nitsFromPq(0.5807)).toBeCloseTo(203, 0);
  expect(nitsFromPq(0.7518)).toBeCloseTo(1000, -1);
  expect(nitsFromPq(1)).toBeCloseTo(10_000, 3);
});
