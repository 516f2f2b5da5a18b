import { expect, test } from "bun:test";
import { createTurns } from "#runner/turns.ts";

test("no more than so many have a turn at once, and those who wait get theirs in their order", async () => {
  const turns = createTurns(2);
  const began: number[] = [];
  const waiting = [1, 2, 3, 4].map((each) => turns.take().then(() => began.push(each)));
  await Promise.all(waiting.slice(0, 2));
  expect(began).toEqual([1, 2]);
  turns.pass();
  await waiting[2];
  expect(began).toEqual([1, 2, 3]);
  turns.pass();
  await waiting[3];
  expect(began).toEqual([1, 2, 3, 4]);
});
