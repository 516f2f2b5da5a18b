import { expect, test } from "bun:test";
import { createHeldTasks, type HeldTask } from "#runner/held-tasks.ts";
import { silentLog } from "#system/log.ts";
import { aTask } from "./support/fixtures.ts";

/** Takes a task whose work goes on until the test ends it. */
function setUp(slots = 1) {
  const tasks = createHeldTasks(slots, silentLog());
  const take = (id: number) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let held: HeldTask | undefined;
    tasks.take(aTask({ id }), (it) => ((held = it), promise));
    return { held: held!, end: resolve, fail: reject };
  };
  return { tasks, take };
}

test("a task that renders has a slot", () => {
  const { tasks, take } = setUp(2);
  take(1);
  expect(tasks.freeSlots()).toBe(1);
  expect(tasks.has(aTask({ id: 1 }))).toBe(true);
  expect(tasks.has(aTask({ id: 1, attempt: 2 }))).toBe(false);
});

test("the slot is free as soon as Blender has ended, while the frames are on their way", () => {
  const { tasks, take } = setUp();
  take(1).held.advance("delivering");
  expect(tasks.freeSlots()).toBe(1);
  expect(tasks.list()).toHaveLength(1);
});

test("a line that is too slow holds the rendering back: no more than three tasks wait for their uploads", () => {
  const { tasks, take } = setUp();
  for (const id of [1, 2, 3]) take(id).held.advance("delivering");
  expect(tasks.freeSlots()).toBe(1);
  take(4).held.advance("delivering");
  expect(tasks.freeSlots()).toBe(0);
});

test("a runner never holds more leases than a heartbeat may list", () => {
  const { tasks, take } = setUp(16);
  for (let id = 1; id <= 15; id += 1) take(id).held.advance("delivering");
  expect(tasks.freeSlots()).toBe(1);
});

test("a lost lease ends its task, and no other", () => {
  const { tasks, take } = setUp(2);
  const [first, second] = [take(1), take(2)];
  tasks.lose(1, 1, "canceled");
  tasks.lose(2, 7, "another attempt");
  expect(first.held.lost.aborted).toBe(true);
  expect(second.held.lost.aborted).toBe(false);
});

test("a task that is reporting its end is left alone: the answer to that counts", () => {
  const { tasks, take } = setUp();
  const { held } = take(1);
  held.advance("reporting");
  tasks.lose(1, 1, "it is completed already");
  expect(held.lost.aborted).toBe(false);
});

test("while paused no slot is free", async () => {
  const { tasks } = setUp();
  const changed = tasks.changed(new AbortController().signal);
  tasks.pause(true);
  await changed;
  expect(tasks.freeSlots()).toBe(0);
  tasks.pause(false);
  expect(tasks.freeSlots()).toBe(1);
});

test("whoever waits for the end of all tasks hears of it, also when one failed unforeseen", async () => {
  const { tasks, take } = setUp(2);
  const [first, second] = [take(1), take(2)];
  const empty = tasks.empty();
  first.end();
  second.fail(new Error("a bug"));
  await empty;
  expect(tasks.list()).toEqual([]);
});
