import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { addQueuedJob, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { textOf } from "../../../web/support/parse.ts";
import { signedIn, stranger, type Visitor } from "./support/visitor.ts";

const PAGES = [
  "/jobs",
  "/jobs/new",
  "/jobs/1",
  "/jobs/1/frames/1",
  "/jobs/1/tasks/1",
  "/jobs/1/tasks/1/log",
  "/runners",
];
const ACTIONS = [
  "start",
  "pause",
  "resume",
  "cancel",
  "retry",
  "delete",
  "files",
  "draft",
  "draft/files",
  "discard",
].map((what) => `/jobs/1/${what}`);

let farm: MemoryFarm;
let nobody: Visitor;
let ann: Visitor;
let ben: Visitor;
let admin: Visitor;

beforeAll(async () => {
  farm = await memoryFarm();
  nobody = stranger(farm);
  ann = await signedIn(farm, "ann@x");
  ben = await signedIn(farm, "ben@x");
  admin = await signedIn(farm, "admin@x", true);
  addQueuedJob(farm, { userId: ann.id });
});
afterAll(() => farm[Symbol.asyncDispose]());

describe.each(PAGES)("%s", (path) => {
  const next = path === "/jobs" ? "/login" : `/login?next=${encodeURIComponent(path)}`;

  test("sends who is not signed in to sign in, and back", async () => {
    const visit = await nobody.get(path);
    expect([visit.status, visit.location]).toEqual([303, next]);
  });

  test("tells htmx to go there, instead of swapping the sign-in page in", async () => {
    const visit = await nobody.poll(path);
    expect([visit.status, visit.headers.get("hx-redirect"), visit.page]).toEqual([401, next, ""]);
  });

  test("is refused to a program in JSON", async () => {
    const visit = await nobody.get(path, { accept: "application/json" });
    expect(visit.status).toBe(401);
    expect(JSON.parse(visit.page)).toMatchObject({ error: { code: "unauthorized" } });
  });

  test("is there for the owner and for an admin", async () => {
    expect((await ann.get(path)).status).toBeLessThan(300);
    expect((await admin.get(path)).status).toBeLessThan(300);
  });
});

test.each([...PAGES.filter((path) => path.startsWith("/jobs/1"))])("%s of others does not exist", async (path) => {
  const visit = await ben.get(path);
  expect(visit.status).toBe(404);
  expect(textOf(visit.page)).toContain("There is no job 1.");
});

describe.each(ACTIONS)("POST %s", (path) => {
  test("sends who is not signed in to sign in", async () => {
    const visit = await nobody.post(path);
    expect([visit.status, visit.location]).toEqual([303, "/login"]);
  });

  test("does nothing to the jobs of others", async () => {
    expect((await ben.post(path)).status).toBe(404);
  });

  test("is refused from another site's page", async () => {
    expect((await ann.post(path, {}, { origin: "http://elsewhere.example" })).status).toBe(403);
    expect((await ann.post(path, {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  });
});

test("after all that, the job is as it was", async () => {
  expect(textOf((await ann.get("/jobs/1")).page)).toContain("Queued");
});

test("what does not exist is a page that leads on", async () => {
  const visit = await ann.get("/nothing/here");
  expect(visit.status).toBe(404);
  expect(textOf(visit.page)).toContain("Not found");
  expect(visit.page).toContain('href="/jobs"');
});

test("a number that is none is no job", async () => {
  expect((await ann.get("/jobs/x")).status).toBe(422);
});

test("no browser keeps a page after signing out", async () => {
  for (const path of ["/jobs", "/jobs/1", "/jobs/999"])
    expect((await ann.get(path)).headers.get("cache-control")).toBe("no-store");
});

test("a bug is told as one, with the request id and without what it was", async () => {
  await using broken = await memoryFarm();
  const cleo = await signedIn(broken, "cleo@x");
  broken.db.run("DROP TABLE job_warnings");
  addQueuedJob(broken, { userId: cleo.id });
  const visit = await cleo.get("/jobs/1");
  expect(visit.status).toBe(500);
  expect(textOf(visit.page)).toMatch(/Something went wrong Internal error 500 · request [0-9a-f-]+/);
  expect(visit.page).not.toContain("job_warnings");
});
