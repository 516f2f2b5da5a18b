import { expect, test } from "bun:test";
import { Watchdog } from "#programs/blender/watchdog.ts";

const limits = { hangSeconds: 60, frameTimeLimitSeconds: null };
const seconds = (count: number): number => count * 1000;

test("a Blender that neither writes nor computes hangs", () => {
  const dog = new Watchdog(limits, 0);
  for (let at = 2; at <= 60; at += 2) dog.usage(5, seconds(at));
  // The first figure is what it used until then, so it has worked at second 2.
  expect(dog.verdict(seconds(62))).toBeNull();
  expect(dog.verdict(seconds(62.1))).toBe("hung");
});

test("a line now and then, or CPU time, is life", () => {
  const writing = new Watchdog(limits, 0);
  writing.output(seconds(50));
  expect(writing.verdict(seconds(100))).toBeNull();
  const computing = new Watchdog(limits, 0);
  for (let at = 2; at <= 600; at += 2) computing.usage(at, seconds(at));
  expect(computing.verdict(seconds(600))).toBeNull();
});

test("threads that only wake up and wait again are no life", () => {
  const dog = new Watchdog(limits, 0);
  for (let at = 2; at <= 100; at += 2) dog.usage(at * 0.01, seconds(at));
  expect(dog.verdict(seconds(100))).toBe("hung");
});

test("CPU time that sinks, because a process ended, is life", () => {
  const dog = new Watchdog(limits, 0);
  dog.usage(500, seconds(2));
  dog.usage(3, seconds(50));
  expect(dog.verdict(seconds(100))).toBeNull();
});

test("each frame has the whole time limit", () => {
  const dog = new Watchdog({ hangSeconds: 1000, frameTimeLimitSeconds: 30 }, 0);
  dog.frameSaved(seconds(29));
  expect(dog.verdict(seconds(59))).toBeNull();
  expect(dog.verdict(seconds(59.1))).toBe("timeout");
});
