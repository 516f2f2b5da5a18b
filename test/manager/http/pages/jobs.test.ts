import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cancelJob } from "#manager/services/job-control.ts";
import { addQueuedJob, addTestRunner, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { attributeOf, find, textOf } from "../../../web/support/parse.ts";
import { signedIn, type Visitor } from "./support/visitor.ts";

let farm: MemoryFarm;
let ann: Visitor;
let admin: Visitor;

beforeAll(async () => {
  farm = await memoryFarm();
  ann = await signedIn(farm, "ann@x");
  admin = await signedIn(farm, "admin@x", true);
  for (let i = 0; i < 60; i++) addQueuedJob(farm, { userId: ann.id });
  addQueuedJob(farm, { userId: admin.id });
  await addTestRunner(farm, "box");
  await addTestRunner(farm, "of-the-admin", { ownerId: admin.id });
});
afterAll(() => farm[Symbol.asyncDispose]());

const jobsOn = (page: string) =>
  find(page, "tr")
    .map((row) => attributeOf(row, "id"))
    .filter((id) => id !== null);

test("the first address leads to the jobs", async () => {
  expect((await ann.get("/")).location).toBe("/jobs");
});

describe("the list of jobs", () => {
  test("has the newest first, a page of them, and leads to the older ones", async () => {
    const first = await ann.get("/jobs");
    expect(jobsOn(first.page)).toHaveLength(50);
    expect(jobsOn(first.page)[0]).toBe("job-60");
    const on = attributeOf(find(first.page, "a", { rel: "next" })[0], "href")!;
    const second = await ann.get(on);
    expect(jobsOn(second.page)).toHaveLength(10);
    expect(jobsOn(second.page)[0]).toBe("job-10");
    expect(find(second.page, "a", { rel: "next" })).toEqual([]);
    expect(find(second.page, "a", { rel: "prev", href: "/jobs" })).toHaveLength(1);
  });

  test("is of everybody for an admin, who sees whose they are", async () => {
    const { page } = await admin.get("/jobs");
    expect(jobsOn(page)[0]).toBe("job-61");
    expect(textOf(page)).toContain("Who");
    expect(textOf((await ann.get("/jobs")).page)).not.toContain("Who");
  });

  test("says how the farm is: of the runners that may take one's jobs", async () => {
    expect(textOf((await ann.get("/jobs")).page)).toContain("Runners 0 busy 1 idle 0 offline");
    expect(textOf((await admin.get("/jobs")).page)).toContain("Runners 0 busy 2 idle 0 offline");
  });
});

describe("the poller of the list", () => {
  test("asks for the page that it is on", async () => {
    const { page } = await ann.get("/jobs?cursor=11");
    expect(find(page, "div", { id: "poll", "hx-get": "/jobs?cursor=11" })).toHaveLength(1);
  });

  test("gets 304 and nothing more while nothing has changed", async () => {
    const { page } = await ann.get("/jobs");
    const tag = attributeOf(find(page, "div", { id: "poll" })[0], "hx-ptag")!;
    const poll = await ann.poll("/jobs", { "hx-ptag": tag });
    expect([poll.status, poll.page]).toEqual([304, ""]);
  });

  test("gets the part that has changed, alone, with its new tag", async () => {
    const { page } = await ann.get("/jobs");
    const tag = attributeOf(find(page, "div", { id: "poll" })[0], "hx-ptag")!;
    await cancelJob(farm, 60);
    const poll = await ann.poll("/jobs", { "hx-ptag": tag });
    expect(poll.status).toBe(200);
    expect(poll.page).toStartWith("<title>Jobs · JiggaBlend</title>");
    expect(textOf(poll.page)).toContain("Canceled");
    expect(find(poll.page, "header")).toEqual([]);
    expect(find(poll.page, "div", { id: "poll", "hx-ptag": poll.headers.get("hx-ptag")! })).toHaveLength(1);
  });
});

test("somebody without jobs is told how to make one", async () => {
  const newcomer = await signedIn(farm, "new@x");
  const { page } = await newcomer.get("/jobs");
  expect(textOf(page)).toContain("No jobs here yet.");
});
