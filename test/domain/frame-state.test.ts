import { expect, test } from "bun:test";
import { frameRuns, type FrameState } from "#domain/frame-state.ts";

const states = (text: string): FrameState[] =>
  [...text].map((sign) => (({ d: "done", w: "working", f: "failed", ".": "waiting" }) as const)[sign]!);

test("neighbours that are the same are one run", () => {
  expect(frameRuns(states("ddw.."), 10)).toEqual([
    { state: "done", first: 0, count: 2 },
    { state: "working", first: 2, count: 1 },
    { state: "waiting", first: 3, count: 2 },
  ]);
});

test("more than there is room for become stretches that show what needs to be seen most", () => {
  const runs = frameRuns(states("d.d.d.d.dddfdddd"), 4);
  expect(runs).toEqual([
    { state: "waiting", first: 0, count: 8 },
    { state: "failed", first: 8, count: 4 },
    { state: "done", first: 12, count: 4 },
  ]);
  expect(runs.reduce((sum, { count }) => sum + count, 0)).toBe(16);
});
