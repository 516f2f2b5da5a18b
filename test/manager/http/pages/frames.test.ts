import { afterAll, beforeAll, expect, test } from "bun:test";
import { insertFrame } from "#manager/db/outputs.ts";
import { addQueuedJob, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { attributeOf, find, textOf } from "../../../web/support/parse.ts";
import { signedIn, type Visitor } from "./support/visitor.ts";

let farm: MemoryFarm;
let ann: Visitor;

const file = (name: string) =>
  insertFrame(farm.db, { jobId: 1, name, frame: 5, parts: 2, size: 12_300_000, sha256: "00", createdAtMs: 0 });

beforeAll(async () => {
  farm = await memoryFarm();
  ann = await signedIn(farm, "ann@x");
  addQueuedJob(farm, { userId: ann.id, frames: "1-9x2", framesPerTask: 3 });
  file("frame_0005_left.exr");
  file("frame_0005.exr");
});
afterAll(() => farm[Symbol.asyncDispose]());

test("a frame shows its own picture, and all its files to download", async () => {
  const { page } = await ann.get("/jobs/1/frames/5");
  expect(find(page, "img", { alt: "Frame 5", src: "/api/jobs/1/frames/5/preview", width: "64" })).toHaveLength(1);
  expect(find(page, "a", { download: "frame_0005.exr", href: "/api/jobs/1/files/2/download" })).toHaveLength(1);
  expect(find(page, "a", { download: "frame_0005_left.exr" })).toHaveLength(1);
});

test("a frame leads to its neighbours in the job, and to its task", async () => {
  const { page } = await ann.get("/jobs/1/frames/5");
  const around = ["prev", "next"].map((rel) => attributeOf(find(page, "a", { rel })[0], "href"));
  expect(around).toEqual(["/jobs/1/frames/3", "/jobs/1/frames/7"]);
  expect(find(page, "a", { href: "/jobs/1/tasks/1" })).toHaveLength(1);
  expect(find((await ann.get("/jobs/1/frames/7")).page, "a", { href: "/jobs/1/tasks/2" })).toHaveLength(1);
});

test("a frame that is not filed says so", async () => {
  const { page } = await ann.get("/jobs/1/frames/1");
  expect(textOf(page)).toContain("Frame 1: waiting");
  expect(find(page, "a", { rel: "prev" })).toEqual([]);
});

test("a frame that the job has not is not found", async () => {
  expect((await ann.get("/jobs/1/frames/2")).status).toBe(404);
});
