import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { insertUpload } from "#manager/db/files.ts";
import { addFramesDone, getJob, setJobContext, setJobFileName, setJobMetadata } from "#manager/db/jobs.ts";
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
    addFramesDone(farm.db, id, 1);
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
    expect(textOf(page)).toContain("Frames 1–240");
    expect(find(page, "a", { class: "done", href: `/jobs/${id}/frames/1` })).toHaveLength(1);
    expect(find(page, "i")).toHaveLength(239);
    expect(find(page, "a", { rel: "next", href: `/jobs/${id}?frames=2#frames` })).toHaveLength(1);
  });

  test("shows the frame that is rendered on its own page", async () => {
    const { page } = await ann.get(`/jobs/${id}?frames=3`);
    expect(find(page, "a", { class: "working", href: `/jobs/${id}/frames/600` })).toHaveLength(1);
  });

  test("shows a page past the end as the last", async () => {
    expect(textOf((await ann.get(`/jobs/${id}?frames=99`)).page)).toContain("Frames 961–1,200");
  });

  test("leads to the page of a frame by its number", async () => {
    const { page } = await ann.get(`/jobs/${id}?at=600`);
    expect(textOf(page)).toContain("Frames 481–720");
    expect(find(page, "a", { id: "f600", "aria-current": "true" })).toHaveLength(1);
  });

  test("hands the player what there is to play", async () => {
    const player = find((await ann.get(`/jobs/${id}`)).page, "section", { id: "player" })[0];
    const data = ["frames", "done", "working", "latest", "fps"].map((name) => attributeOf(player, `data-${name}`));
    expect(data).toEqual(["1-1200", "1", "600", "1", "24"]);
  });

  test("says in the icon of its tab how far it is", async () => {
    const { page } = await ann.get(`/jobs/${id}`);
    expect(find(page, "link", { rel: "icon", href: "/icons/running-0.svg" })).toHaveLength(1);
    expect(find(page, "span", { "data-icon": "/icons/running-0.svg" })).toHaveLength(1);
  });

  test("shows its tasks by state, with who works on them and how far", async () => {
    const { page } = await ann.get(`/jobs/${id}?show=leased`);
    expect(find(page, "tr").filter((row) => attributeOf(row, "id")?.startsWith("task-"))).toHaveLength(1);
    expect(textOf(page)).toContain("Running sample 8 of 64 box");
    expect(textOf(page)).toContain("All 1,200 Running 1 Waiting 1,198 Completed 1");
  });

  test("shows all tasks unless asked otherwise, and leads on to the rest", async () => {
    const { page } = await ann.get(`/jobs/${id}`);
    expect(find(page, "tr").filter((row) => attributeOf(row, "id")?.startsWith("task-"))).toHaveLength(25);
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

  test("lead back to the part of it that was shown", async () => {
    const id = addQueuedJob(farm, { userId: ann.id });
    const shown = `/jobs/${id}?frames=2&show=queued`;
    const from = (address: string) => ann.post(`/jobs/${id}/pause`, {}, { "hx-current-url": address });
    expect((await from(`http://localhost${shown}#frames`)).location).toBe(shown);
    await ann.post(`/jobs/${id}/resume`);
    expect((await from(`http://localhost/jobs/${id}99?frames=2`)).location).toBe(`/jobs/${id}`);
    await ann.post(`/jobs/${id}/cancel`);
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

describe("what can be changed of a job that has started", () => {
  test("is its name and its priority", async () => {
    const id = addQueuedJob(farm, { userId: ann.id });
    const visit = await ann.post(`/jobs/${id}/edit`, { name: "Castle <2>", priority: "20" });
    expect([visit.status, visit.location]).toEqual([303, `/jobs/${id}`]);
    expect(getJob(farm.db, id)).toMatchObject({ name: "Castle <2>", priority: 20 });
  });

  test("is no priority that is for admins, but one that an admin has given stays", async () => {
    const id = addQueuedJob(farm, { userId: ann.id, priority: 80 });
    expect((await ann.post(`/jobs/${id}/edit`, { name: "Castle", priority: "80" })).status).toBe(303);
    expect((await ann.post(`/jobs/${id}/edit`, { name: "Castle", priority: "90" })).status).toBe(403);
    expect(getJob(farm.db, id)).toMatchObject({ name: "Castle", priority: 80 });
  });
});

describe("a job with all its frames", () => {
  test("offers each video that is not asked for yet, and plans it", async () => {
    const id = addQueuedJob(farm, { userId: ann.id, frames: "1-2" });
    farm.db.run("UPDATE tasks SET status = 'completed', ended_at_ms = 0 WHERE job_id = ?", [id]);
    farm.db.run("UPDATE jobs SET status = 'completed', frames_done = 2, ended_at_ms = 0 WHERE id = ?", [id]);
    const offered = async () =>
      find((await ann.get(`/jobs/${id}`)).page, "input", { name: "format" }).map((input) =>
        attributeOf(input, "value"),
      );
    expect(await offered()).toEqual(["EXR_264_MP4", "EXR_AV1_MP4", "EXR_VP9_WEBM"]);
    const visit = await ann.post(`/jobs/${id}/videos`, { format: "EXR_AV1_MP4" });
    expect([visit.status, visit.location]).toEqual([303, `/jobs/${id}#videos`]);
    expect(await offered()).toEqual(["EXR_264_MP4", "EXR_VP9_WEBM"]);
    expect(textOf((await ann.get(`/jobs/${id}`)).page)).toContain("AV1 video Queued");
    await ann.post(`/jobs/${id}/cancel`);
  });

  test("lists its files one by one, each a download", async () => {
    const id = addQueuedJob(farm, { userId: ann.id, frames: "1-2" });
    for (const frame of [2, 1]) {
      const name = `frame_000${frame}.exr`;
      insertFrame(farm.db, { jobId: id, name, frame, parts: 1, size: 2_000_000, sha256: "00", createdAtMs: 0 });
    }
    const { page } = await ann.get(`/jobs/${id}/outputs`);
    expect(textOf(page)).toMatch(/2 files · 4 MB .* frame_0001.exr 2 MB .* frame_0002.exr/);
    expect(find(page, "a", { download: "frame_0002.exr" })).toHaveLength(1);
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
