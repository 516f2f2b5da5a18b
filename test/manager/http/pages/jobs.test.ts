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
    const { page } = await ann.get("/jobs?state=queued&q=jo&page=2");
    expect(find(page, "div", { id: "poll", "hx-get": "/jobs?state=queued&q=jo&page=2" })).toHaveLength(1);
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

describe("a list that is searched", () => {
  let visitor: Visitor;
  const names = async (path: string) =>
    find((await visitor.get(path)).page, "input", { name: "job" }).map((box) => attributeOf(box, "aria-label"));

  beforeAll(async () => {
    visitor = await signedIn(farm, "searcher@x");
    for (const name of ["Castle 100%", "castle_b", "Harbour"]) {
      const id = addQueuedJob(farm, { userId: visitor.id });
      farm.db.run("UPDATE jobs SET name = ?, file_name = 'shot.blend' WHERE id = ?", [name, id]);
    }
  });

  test("has those whose name or file has the text in it, whatever its case", async () => {
    expect(await names("/jobs?q=CASTLE")).toEqual(["Choose castle_b", "Choose Castle 100%"]);
    expect(await names("/jobs?q=shot.bl")).toHaveLength(3);
  });

  test("takes signs for themselves", async () => {
    expect(await names("/jobs?q=100%25")).toEqual(["Choose Castle 100%"]);
    expect(await names("/jobs?q=_")).toEqual(["Choose castle_b"]);
  });

  test("counts what there is of each state, and keeps the text with the state", async () => {
    const { page } = await visitor.get("/jobs?q=castle&state=queued");
    expect(textOf(page)).toContain("All 2 Active 2 Queued 2");
    expect(find(page, "a", { href: "/jobs?q=castle" })).toHaveLength(1);
    expect(find(page, "input", { type: "hidden", name: "state", value: "queued" })).toHaveLength(1);
  });

  test("says so when nothing is like that", async () => {
    const { page } = await visitor.get("/jobs?state=failed");
    expect(textOf(page)).toContain("No job is like that.");
  });
});

describe("several jobs at once", () => {
  let owner: Visitor;
  let ids: number[];
  const many = (fields: [string, string][], headers = {}) =>
    owner.post("/jobs/many", new URLSearchParams(fields) as never, headers);
  const chosen = () => ids.map((id): [string, string] => ["job", String(id)]);
  const result = (page: string) => textOf(/<div id="result".*?<\/div><\/div>/s.exec(page)?.[0] ?? "");

  beforeAll(async () => {
    owner = await signedIn(farm, "owner@x");
    ids = [1, 2, 3].map(() => addQueuedJob(farm, { userId: owner.id }));
  });

  test("are paused with one sentence, which says what would not and why", async () => {
    await cancelJob(farm, ids[2]!);
    const { status, page } = await many([...chosen(), ["action", "pause"]]);
    expect(status).toBe(200);
    expect(result(page)).toBe("2 jobs paused; 1 job stays as it is: A job that is canceled cannot be paused.");
  });

  test("are told to htmx in their place, with the sentence beside", async () => {
    const { page } = await many([...chosen(), ["action", "resume"]], { "hx-request": "true" });
    expect(find(page, "header")).toEqual([]);
    expect(find(page, "div", { id: "result", "hx-swap-oob": "true" })).toHaveLength(1);
  });

  test("get one priority, and not one that is for admins", async () => {
    expect(result((await many([...chosen(), ["action", "prioritize"], ["priority", "7"]])).page)).toContain("3 jobs");
    expect(result((await many([...chosen(), ["action", "prioritize"], ["priority", "90"]])).page)).toBe(
      "Nothing was given the priority; 3 jobs stay as they are: A priority above 50 is for admins (3 jobs).",
    );
    expect((await many([...chosen(), ["action", "prioritize"], ["priority", "many"]])).status).toBe(400);
  });

  test("of somebody else do not exist", async () => {
    const { page } = await many([
      ["job", "61"],
      ["action", "cancel"],
    ]);
    expect(result(page)).toBe("Nothing was canceled; 1 job stays as it is: There is no job 61.");
  });

  test("are left alone by Enter in a field: the button that it presses is disabled", async () => {
    expect((await owner.get("/jobs")).page).toMatch(/<form id="many"[^>]*><button disabled hidden>/);
  });

  test("must be chosen first", async () => {
    expect(result((await many([["action", "cancel"]])).page)).toContain("No job was chosen");
  });

  test("lead back to the list, on the page where they were", async () => {
    const { page } = await owner.get("/jobs?state=queued");
    expect(find(page, "form", { id: "many", method: "post", action: "/jobs/many?state=queued" })).toHaveLength(1);
    expect((await owner.get("/jobs/many?state=queued")).location).toBe("/jobs?state=queued");
  });
});
