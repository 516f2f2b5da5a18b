import { expect, test } from "bun:test";
import { planRenderTasks } from "#domain/plan.ts";

const order = (frames: number[], perTask: number): string[] =>
  planRenderTasks(frames, perTask)
    .toSorted((a, b) => a.rank - b.rank)
    .map((task) => task.frames);

test("the first, the middle and the last frame come before the rest", () => {
  expect(order([1, 2, 3, 4, 5, 6, 7], 1)).toEqual(["1", "4", "7", "2", "3", "5", "6"]);
});

test("one or two frames have no rest", () => {
  expect(order([5], 1)).toEqual(["5"]);
  expect(order([5, 6], 1)).toEqual(["5", "6"]);
});

test("frames are cut into chunks, the last one shorter", () => {
  const tasks = planRenderTasks([1, 2, 3, 4, 5, 6, 7], 3);
  expect(tasks.map((task) => [task.frames, task.count])).toEqual([
    ["1-3", 3],
    ["4-6", 3],
    ["7", 1],
  ]);
});

test("no two tasks have the same rank", () => {
  const ranks = planRenderTasks(
    Array.from({ length: 100 }, (_, i) => i),
    1,
  ).map((task) => task.rank);
  expect(new Set(ranks).size).toBe(100);
});
