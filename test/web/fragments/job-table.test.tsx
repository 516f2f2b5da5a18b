import { describe, expect, test } from "bun:test";
import { JobTable, timeOf } from "#web/fragments/job-table.tsx";
import { aJob, NOON_MS } from "../support/fixtures.ts";
import { attributeOf, find, textOf } from "../support/parse.ts";

const table = (change: Parameters<typeof aJob>[0] = {}, whose = false) =>
  String(<JobTable jobs={[aJob(change)]} nowMs={NOON_MS} whose={whose} />);

test("a job shows its frames as a bar and in numbers", () => {
  const [bar] = find(table(), "progress");
  expect([attributeOf(bar, "value"), attributeOf(bar, "max")]).toEqual(["123", "480"]);
  expect(attributeOf(bar, "aria-label")).toBe("Frames of Harbour");
  expect(textOf(table())).toContain("123 / 480");
});

test("a draft has no bar", () => {
  expect(find(table({ status: "draft", framesTotal: 0 }), "progress")).toEqual([]);
});

test("whose a job is stands there only where jobs are of several people", () => {
  expect(textOf(table({}, false))).not.toContain("Ann");
  expect(textOf(table({}, true))).toContain("Ann");
  expect(textOf(table({ userName: null }, true))).toContain("nobody");
});

describe("the time of a job", () => {
  test("is what is left while it runs", () => {
    expect(timeOf(aJob(), NOON_MS)).toBe("about 3 h left");
  });

  test("is what it took when it has ended", () => {
    expect(timeOf(aJob({ status: "completed", endedAtMs: NOON_MS - 600_000 }), NOON_MS)).toBe("50 min");
  });

  test.each(["queued", "paused"] as const)("is not told while it is %s", (status) => {
    expect(timeOf(aJob({ status }), NOON_MS)).toBe("");
  });
});
