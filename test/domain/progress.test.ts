import { expect, test } from "bun:test";
import { etaSeconds } from "#domain/progress.ts";

test("what is left is shared among the runners at work", () => {
  expect(etaSeconds(30, { secondsPerFrame: 60, runners: 3, running: [] })).toBe(600);
});

test("what has gone into the frames that run counts, but no frame for more than it usually takes", () => {
  expect(etaSeconds(2, { secondsPerFrame: 60, runners: 1, running: [40] })).toBe(80);
  expect(etaSeconds(2, { secondsPerFrame: 60, runners: 1, running: [4000] })).toBe(60);
});

test("more runners than frames make nothing quicker", () => {
  expect(etaSeconds(2, { secondsPerFrame: 60, runners: 8, running: [0, 0] })).toBe(60);
});

test("nothing is said where nobody is at work, or nothing is left", () => {
  expect(etaSeconds(2, { secondsPerFrame: 60, runners: 0, running: [] })).toBeNull();
  expect(etaSeconds(0, { secondsPerFrame: 60, runners: 1, running: [] })).toBeNull();
});
