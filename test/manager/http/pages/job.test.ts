import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { insertUpload } from "#manager/db/files.ts";
import { getJob, setJobContext, setJobFileName, setJobMetadata } from "#manager/db/jobs.ts";
import { insertFrame } from "#manager/db/outputs.ts";
import { getUser } from "#manager/db/users.ts";
import { endTask } from "#manager/services/completing.ts";
import { createJob } from "#manager/services/jobs.ts";
import { askForTasks } from "#manager/services/leasing.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { addQueuedJob, addTestRunner, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { aMetadata } from "../../../support/metadata.ts";
import { attributeOf, find, textOf } from "../../../web/support/parse.ts";
import { signedIn, type Visitor } from "./support/visitor.ts";

let farm: MemoryFarm;
let ann: Visitor;
let runner: LiveRunner;

beforeAll(async () => {
  farm = await memoryFarm();
  ann = await signedIn(farm, "ann@x");
  runner = await addTestRunner(farm, "box");
});
afterAll(() => farm[Symbol.asyncDispose]());

const abort = new AbortController().signal;
const take = async (slots: number) => askForTasks(farm, runner, { slots, holding: [], waitMs: 0, abort });
const poller = (page: string) => find(page, "div", { id: "poll" })[0];

async function draft(wishes: { name?: string; autostart?: boolean } = {}): Promise<number> {
  const job = await createJob(farm, getUser(farm.db, ann.id)!, { name: "Castle", autostart: false, ...wishes });
  setJobFileName(farm.db, job.id, "castle.blend");
  setJobContext(farm.db, job.id, { version: 1, size: 1, sha256: "00" });
  insertUpload(farm.db, { jobId: job.id, name: "castle.blend", size: 84_000_000, createdAtMs: 0 });
  return job.id;
}

describe("the page of a running job", () => {
  let id: number;

  beforeAll(async () => {
    id = addQueuedJob(farm, { userId: ann.id, frames: "1-1200" });
    const [first, middle] = await take(2);
    const frame = { jobId: id, name: "frame_0001.exr", frame: 1, parts: 1, size: 1, sha256: "00", createdAtMs: 0 };
    insertFrame(farm.db, frame);
    const { id: taskId, attempt } = first!.task;
    await endTask(farm, runner, { taskId, attempt, warnings: [], end: { kind: "completed" } });
    farm.leases.get(middle!.task.id)!.progress = {
      frame: 600,
      done: 0,
      total: 1,
      sample: 8,
      samples: 64,
      memoryBytes: null,
      encoding: null,
    };
  });

  test("shows a page of frames with what each is, and the pages after it", async () => {
    const { page } = await ann.get(`/jobs/${id}`);
    expect(textOf(page)).toContain("Frames 1–500");
    expect(find(page, "a", { class: "done", href: `/jobs/${id}/frames/1` })).toHaveLength(1);
    expect(find(page, "i")).toHaveLength(499);
    expect(find(page, "a", { rel: "next", href: `/jobs/${id}?frames=2#frames` })).toHaveLength(1);
  });

  test("shows the frame that is rendered on its own page", async () => {
    const { page } = await ann.get(`/jobs/${id}?frames=2`);
    expect(find(page, "a", { class: "working", href: `/jobs/${id}/frames/600` })).toHaveLength(1);
  });

  test("shows a page past the end as the last", async () => {
    expect(textOf((await ann.get(`/jobs/${id}?frames=99`)).page)).toContain("Frames 1001–1200");
  });

  test("shows its tasks by state, with who works on them and how far", async () => {
    const { page } = await ann.get(`/jobs/${id}?show=leased`);
    expect(find(page, "tr").filter((row) => attributeOf(row, "id")?.startsWith("task-"))).toHaveLength(1);
    expect(textOf(page)).toContain("Running sample 8 of 64 box");
    expect(textOf(page)).toContain("All 1,200 Running 1 Waiting 1,198 Completed 1");
  });

  test("shows all tasks unless asked otherwise, and leads on to the rest", async () => {
    const { page } = await ann.get(`/jobs/${id}`);
    expect(find(page, "tr").filter((row) => attributeOf(row, "id")?.startsWith("task-"))).toHaveLength(50);
    const more = find(page, "a", { rel: "next" }).map((link) => attributeOf(link, "href")!);
    const tasks = more.find((href) => href.includes("tasks="))!;
    const { page: next } = await ann.get(tasks.replace(/#.*/, ""));
    expect(find(next, "a", { rel: "prev", href: `/jobs/${id}#tasks` })).toHaveLength(1);
  });

  test("says in its title how far it is", async () => {
    expect((await ann.get(`/jobs/${id}`)).page).toContain("<title>0 % Job · JiggaBlend</title>");
  });

  test("keeps asking for just what it shows", async () => {
    const { page } = await ann.get(`/jobs/${id}?frames=2&show=leased`);
    expect(attributeOf(poller(page), "hx-get")).toBe(`/jobs/${id}?frames=2&show=leased`);
  });
});

describe("the page of a job of 10,000 frames", () => {
  test("is light, and costs the manager little", async () => {
    const id = addQueuedJob(farm, { userId: ann.id, frames: "1-10000" });
    await ann.get(`/jobs/${id}`);
    const since = performance.now();
    const { page } = await ann.get(`/jobs/${id}?frames=7`);
    expect(performance.now() - since).toBeLessThan(200);
    expect(Bun.gzipSync(page).byteLength).toBeLessThan(15_000);
  });
});

describe("the buttons of a job", () => {
  test("lead back to it, where htmx finds the part that has changed", async () => {
    const id = addQueuedJob(farm, { userId: ann.id });
    const visit = await ann.post(`/jobs/${id}/pause`);
    expect([visit.status, visit.location]).toEqual([303, `/jobs/${id}`]);
    expect(textOf((await ann.poll(`/jobs/${id}`)).page)).toContain("Paused");
    await ann.post(`/jobs/${id}/resume`);
    expect(getJob(farm.db, id)!.status).toBe("queued");
  });

  test("cancel, retry and delete a job", async () => {
    const id = addQueuedJob(farm, { userId: ann.id });
    await ann.post(`/jobs/${id}/cancel`);
    expect(getJob(farm.db, id)!.status).toBe("canceled");
    await ann.post(`/jobs/${id}/retry`);
    expect(getJob(farm.db, id)!.status).toBe("queued");
    await ann.post(`/jobs/${id}/cancel`);
    const visit = await ann.post(`/jobs/${id}/delete`);
    expect([visit.status, visit.location]).toEqual([303, "/jobs"]);
    expect(getJob(farm.db, id)).toBeNull();
  });

  test("that come too late say why, and lead back to the job", async () => {
    const id = addQueuedJob(farm, { userId: ann.id });
    await ann.post(`/jobs/${id}/cancel`);
    const visit = await ann.post(`/jobs/${id}/pause`);
    expect(visit.status).toBe(409);
    expect(textOf(visit.page)).toContain("A job that is canceled cannot be paused.");
    expect(find(visit.page, "a", { href: `/jobs/${id}` })).toHaveLength(1);
  });

  test("that come too late tell htmx the sentence alone", async () => {
    const id = addQueuedJob(farm, { userId: ann.id });
    await ann.post(`/jobs/${id}/cancel`);
    const visit = await ann.post(`/jobs/${id}/pause`, {}, { "hx-request": "true" });
    expect([visit.status, visit.page]).toEqual([409, "A job that is canceled cannot be paused."]);
    expect(visit.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  });
});

describe("a job that has ended", () => {
  test("asks for nothing any more, and tells a poller that comes late to end", async () => {
    const id = addQueuedJob(farm, { userId: ann.id });
    const tag = attributeOf(poller((await ann.get(`/jobs/${id}`)).page), "hx-ptag")!;
    await ann.post(`/jobs/${id}/cancel`);
    expect(poller((await ann.get(`/jobs/${id}`)).page)).toBeUndefined();
    const poll = await ann.poll(`/jobs/${id}`, { "hx-ptag": tag });
    expect(poll.status).toBe(200);
    expect(poller(poll.page)).toBeUndefined();
  });
});

describe("a draft", () => {
  test("is shown where it is made ready", async () => {
    const id = await draft();
    const visit = await ann.get(`/jobs/${id}`);
    expect([visit.status, visit.location]).toEqual([303, `/jobs/${id}/draft`]);
  });

  test("starts when told to", async () => {
    const id = await draft();
    setJobMetadata(farm.db, id, aMetadata());
    await ann.post(`/jobs/${id}/start`);
    expect(getJob(farm.db, id)!.status).toBe("queued");
  });

  test("says why it does not start", async () => {
    const id = await draft();
    const visit = await ann.post(`/jobs/${id}/start`);
    expect(visit.status).toBe(409);
    expect(textOf(visit.page)).toContain("The scene is still being read.");
  });
});
