import { expect, test } from "bun:test";
import { type JobStatus } from "#domain/job.ts";
import { JobActions } from "#web/fragments/job-actions.tsx";
import { aJob } from "../support/fixtures.ts";
import { attributeOf, find } from "../support/parse.ts";

const ACTIONS: [JobStatus, string[]][] = [
  ["draft", ["start", "cancel"]],
  ["queued", ["pause", "edit", "cancel"]],
  ["running", ["pause", "edit", "cancel"]],
  ["paused", ["resume", "edit", "cancel"]],
  ["completed", ["edit", "delete"]],
  ["failed", ["retry", "edit", "delete"]],
  ["canceled", ["retry", "edit", "delete"]],
];

const actionsOf = (page: string) => find(page, "form").map((form) => attributeOf(form, "action"));

test.each(ACTIONS)("a job that is %s offers %p", (status, actions) => {
  const page = String(<JobActions job={aJob({ status })} readable admin={false} />);
  expect(actionsOf(page)).toEqual(actions.map((action) => `/jobs/7/${action}`));
});

test("a job that failed before it started has nothing to retry", () => {
  const page = String(<JobActions job={aJob({ status: "failed", tasksTotal: 0 })} readable admin={false} />);
  expect(actionsOf(page)).toEqual(["/jobs/7/edit", "/jobs/7/delete"]);
});

test("a draft whose scene is not read cannot be started", () => {
  const page = String(<JobActions job={aJob({ status: "draft" })} readable={false} admin={false} />);
  expect(actionsOf(page)).toEqual(["/jobs/7/cancel"]);
});

test("what cannot be taken back says so before the button", () => {
  const page = String(<JobActions job={aJob({ status: "completed" })} readable admin={false} />);
  expect(page).toMatch(/<details.*cannot be taken back.*<button/s);
});

test("the priority that may be given is an admin's to raise", () => {
  const most = (admin: boolean) =>
    attributeOf(
      find(String(<JobActions job={aJob()} readable admin={admin} />), "input", { name: "priority" })[0],
      "max",
    );
  expect([most(false), most(true)]).toEqual(["50", "100"]);
});
