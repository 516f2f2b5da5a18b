import { expect, test } from "bun:test";
import { createTally } from "#manager/services/tally.ts";
import { fakeClock } from "../../support/memory-farm.ts";

test("a name's count begins anew when its time is over, each name by itself", () => {
  const clock = fakeClock();
  const tally = createTally(clock, 60);
  tally.add("a");
  clock.advance(59);
  tally.add("a");
  tally.add("b");
  expect([tally.count("a"), tally.count("b"), tally.count("c")]).toEqual([2, 1, 0]);
  clock.advance(1);
  expect([tally.count("a"), tally.count("b")]).toEqual([0, 1]);
  tally.add("a");
  expect(tally.count("a")).toBe(1);
});

test("a flood of names forgets the oldest, so that memory stays bounded", () => {
  const tally = createTally(fakeClock(), 60);
  for (let n = 0; n <= 10_000; n += 1) tally.add(`name ${n}`);
  expect([tally.count("name 0"), tally.count("name 1"), tally.count("name 10000")]).toEqual([0, 1, 1]);
});
