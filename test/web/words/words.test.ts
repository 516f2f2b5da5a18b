import { expect, test } from "bun:test";
import { FAILURE_REASONS } from "#domain/failure.ts";
import { tellCount } from "#web/words/count.ts";
import { adviceFor, tellReason } from "#web/words/failure.ts";

test("a count has its noun in the right number, and its digits in groups", () => {
  expect([0, 1, 10_000].map((count) => tellCount(count, "frame"))).toEqual(["0 frames", "1 frame", "10,000 frames"]);
});

test("every typed reason is told in words, with advice", () => {
  expect(tellReason("out_of_memory")).toBe("Out of memory");
  expect(tellReason("gpu_unavailable")).toBe("GPU unavailable");
  for (const reason of FAILURE_REASONS) expect(adviceFor(reason)).toEndWith(".");
});

test("a reason that is not known has no advice, also when it is called like something of every object", () => {
  expect(adviceFor("toString")).toBeNull();
});
