import { expect, test } from "bun:test";
import { shoulder } from "#formats/color/shoulder.ts";

test.each([
  [1, 12, 3.7741],
  [0.8, 12, 1],
  [0.5, 2, 1.9],
])("from a knee at %p on, light up to %p is brought below %p", (knee, peak, top) => {
  const curve = shoulder(knee, peak, top);
  for (const light of [-1, 0, knee / 2, knee]) expect(curve(light)).toBe(light);
  expect(curve(peak)).toBeCloseTo(top, 9);
  expect((curve(knee + 1e-6) - knee) / 1e-6).toBeCloseTo(1, 3);
  expect(curve(peak / 1.5)).toBeLessThan(top);
});
