import { expect, test } from "bun:test";
import { JobWork } from "#web/fragments/job-work.tsx";
import { aTaskRow } from "../support/fixtures.ts";
import { attributeOf, find, textOf } from "../support/parse.ts";

const work = (sample: number) =>
  String(
    <JobWork
      tasks={[aTaskRow({ progress: { frame: 5, done: 0, total: 1, sample, samples: 256, ...NOTHING_MORE } })]}
    />,
  );
const NOTHING_MORE = { memoryBytes: null, encoding: null };

test("what is being worked on is told with its runner and its samples", () => {
  expect(textOf(work(64))).toMatch(/^At work now Frame 5 box · since .* UTC sample 64 of 256$/);
  expect(attributeOf(find(work(64), "progress")[0], "value")).toBe("64");
});

test("before the first sample there is an empty bar, and no number beside it", () => {
  expect(textOf(work(0))).toEndWith("sample 0 of 256");
  expect(attributeOf(find(work(0), "progress")[0], "value")).toBe("0");
});
