import { expect, test } from "bun:test";
import { JobTrouble } from "#web/fragments/job-trouble.tsx";
import { aJob } from "../support/fixtures.ts";
import { attributeOf, find, textOf } from "../support/parse.ts";

test("a failed job says why, what happened, and what to do", () => {
  const job = aJob({ status: "failed", reason: "out_of_memory", message: "It had 31 GB." });
  const page = String(<JobTrouble job={job} warnings={[]} />);
  expect(textOf(page)).toMatch(/^Out of memory It had 31 GB\. .*smaller textures/);
  expect(attributeOf(find(page, "div")[0], "role")).toBe("alert");
});

test("a message without a reason is told alone", () => {
  const job = aJob({ status: "draft", message: "Several .blend files could be the main one." });
  expect(textOf(String(<JobTrouble job={job} warnings={[]} />))).toBe("Several .blend files could be the main one.");
});

test("a job that goes well says nothing", () => {
  expect(String(<JobTrouble job={aJob()} warnings={[]} />)).toBe("");
});

test("many warnings are folded away after the first five", () => {
  const warnings = Array.from({ length: 8 }, (_, i) => ({ code: "other", message: `warning ${i}` }) as const);
  const page = String(<JobTrouble job={aJob()} warnings={warnings} />);
  expect(textOf(page)).toContain("3 more warnings");
  expect(page.indexOf("warning 5")).toBeGreaterThan(page.indexOf("<summary>"));
  expect(page.indexOf("warning 4")).toBeLessThan(page.indexOf("<summary>"));
});
