import { expect, test } from "bun:test";
import { tellDuration, tellTimeLeft } from "#web/words/duration.ts";

test.each([
  [0, "0 s"],
  [0.44, "0.4 s"],
  [9.96, "10 s"],
  [45.4, "45 s"],
  [59.6, "1 min"],
  [60, "1 min"],
  [200, "3 min 20 s"],
  [3599.6, "1 h"],
  [3600, "1 h"],
  [7500, "2 h 5 min"],
  [86_390, "1 d"],
  [356_400, "4 d 3 h"],
])("%p seconds are told as %p", (seconds, told) => {
  expect(tellDuration(seconds)).toBe(told);
});

test.each([
  [4, "a few seconds"],
  [42, "about 40 s"],
  [89, "about 90 s"],
  [150, "about 3 min"],
  [5399, "about 90 min"],
  [7600, "about 2 h"],
  [100_000, "about 1 d 4 h"],
])("%p seconds that are left are told as %p", (seconds, told) => {
  expect(tellTimeLeft(seconds)).toBe(told);
});

test("what is left is told the same for a while, so that an unchanged page is one", () => {
  expect(tellTimeLeft(1210)).toBe(tellTimeLeft(1221));
});
