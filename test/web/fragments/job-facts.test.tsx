import { expect, test } from "bun:test";
import { JobFacts } from "#web/fragments/job-facts.tsx";
import { aJob } from "../support/fixtures.ts";
import { textOf } from "../support/parse.ts";

test("what a job asks for is shown with its add-ons, and what it does not ask for is not", () => {
  const asked = aJob({ addons: ["node_wrangler", "rigify"], camera: "Top", device: "gpu" });
  expect(textOf(String(<JobFacts job={asked} />))).toMatch(/Camera Top .*Device GPU .*Add-ons node_wrangler, rigify/);
  expect(textOf(String(<JobFacts job={aJob()} />))).not.toMatch(/Add-ons|Camera|Device/);
});
