import { expect, test } from "bun:test";
import { ProgressMeter, type VideoProgress } from "#programs/video/progress.ts";

function meter(frames: number): { meter: ProgressMeter; told: VideoProgress[]; pass: (seconds: number) => void } {
  let nowMs = 1000;
  const told: VideoProgress[] = [];
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const made = new ProgressMeter({ frames, clock, tell: (progress) => told.push(progress) });
  made.plan([
    { step: "converting", pass: null, weight: 1 },
    { step: "color", pass: 1, weight: 1 },
    { step: "color", pass: 2, weight: 2 },
  ]);
  return { meter: made, told, pass: (seconds) => (nowMs += seconds * 1000) };
}

test("the time left follows from what was done and how heavy the rest is", () => {
  const { meter: it, told, pass } = meter(100);
  pass(10);
  it.at("converting", null, 100);
  expect(told.at(-1)).toEqual({
    ...{ step: "converting", pass: null, frame: 100, frames: 100, fraction: 0.25 },
    secondsLeft: 30,
  });
  pass(10);
  it.at("color", 1, 100);
  pass(10);
  it.at("color", 2, 50);
  expect(told.at(-1)).toMatchObject({ step: "color", pass: 2, frame: 50, fraction: 0.75, secondsLeft: 10 });
});

test("before enough was seen no time is told", () => {
  const { meter: it, told, pass } = meter(1000);
  pass(1);
  it.at("converting", null, 1);
  expect(told.at(-1)!.secondsLeft).toBeNull();
});

test("what an earlier attempt did took no time", () => {
  const { meter: it, told, pass } = meter(100);
  it.skip("converting", null, 100);
  expect(told.at(-1)).toMatchObject({ fraction: 0.25, secondsLeft: null });
  pass(10);
  it.at("color", 1, 100);
  expect(told.at(-1)).toMatchObject({ fraction: 0.5, secondsLeft: 20 });
});
