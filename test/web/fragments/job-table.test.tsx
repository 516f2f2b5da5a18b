import { describe, expect, test } from "bun:test";
import { JobTable, timeOf, type JobRow } from "#web/fragments/job-table.tsx";
import { aFile, aJob, NOON_MS } from "../support/fixtures.ts";
import { attributeOf, find, textOf } from "../support/parse.ts";

const aRow = (change: Partial<JobRow> = {}): JobRow => ({
  ...{ ...aJob(), etaSeconds: 10_500, picture: null, waiting: null },
  ...change,
});
const table = (change: Partial<JobRow> = {}, whose = false) =>
  String(<JobTable jobs={[aRow(change)]} nowMs={NOON_MS} whose={whose} />);

test("a job shows the picture of its last frame, its format and size, and can be chosen", () => {
  const page = table({ picture: aFile({ id: 90, kind: "frame", name: "frame_0003.exr", frame: 3 }) });
  expect(find(page, "img", { src: "/api/jobs/7/files/90/preview?size=small" })).toHaveLength(1);
  expect(textOf(page)).toContain("harbour.blend · EXR frames · 1920 × 1080");
  expect(
    find(page, "input", { type: "checkbox", name: "job", value: "7", "aria-label": "Choose Harbour" }),
  ).toHaveLength(1);
});

test("a job that stands still says why", () => {
  expect(textOf(table({ waiting: { kind: "offline", runners: 3 } }))).toContain("All 3 runners are offline.");
  expect(textOf(table({ status: "failed", reason: "out_of_memory" }))).toContain("Out of memory");
});

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
    expect(timeOf(aRow(), NOON_MS)).toBe("about 3 h left");
  });

  test("is a dash while nothing can be said of it", () => {
    expect(timeOf(aRow({ etaSeconds: null }), NOON_MS)).toBe("—");
  });

  test("is what it took when it has ended", () => {
    expect(timeOf(aRow({ status: "completed", endedAtMs: NOON_MS - 600_000 }), NOON_MS)).toBe("50 min");
  });

  test.each(["queued", "paused"] as const)("is not told while it is %s", (status) => {
    expect(timeOf(aRow({ status }), NOON_MS)).toBe("");
  });
});
