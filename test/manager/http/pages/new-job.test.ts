import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "#domain/app-error.ts";
import { getJob, listActiveJobs } from "#manager/db/jobs.ts";
import { memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { find, textOf } from "../../../web/support/parse.ts";
import { signedIn, type Visitor } from "./support/visitor.ts";

let farm: MemoryFarm;
let ann: Visitor;

beforeAll(async () => {
  const refuse = () => Promise.reject(new AppError("damaged_scene", "The .blend is cut off."));
  farm = await memoryFarm({ readBlend: refuse });
  ann = await signedIn(farm, "ann@x");
});
afterAll(() => farm[Symbol.asyncDispose]());

const BLEND = "BLENDER-v403RENDH";
const form = (fields: Record<string, string>, file?: { name: string; content: string }) => {
  const sent = new FormData();
  for (const [name, value] of Object.entries(fields)) sent.append(name, value);
  if (file) sent.append("file", new File([file.content], file.name));
  return sent;
};
const received = () => ["temp", "uploads"].flatMap((part) => readdirSync(join(farm.storage.root, part)));
const jobs = () => listActiveJobs(farm.db).length;

describe("the form of a new job", () => {
  test("takes a file without a script, and needs nothing else", async () => {
    const { page } = await ann.get("/jobs/new");
    const form = find(page, "form", { action: "/jobs/new", enctype: "multipart/form-data" });
    expect(form).toHaveLength(1);
    expect(find(page, "input", { name: "file" })).toHaveLength(1);
    expect(textOf(page)).toContain("50 GB");
  });

  test("counts frames while they are typed, or says what is wrong with them", async () => {
    const told = async (frames: string) => textOf((await ann.poll(`/jobs/new/frames?frames=${frames}`)).page);
    expect(await told("1-100x5")).toBe("20 frames");
    expect(await told("")).toContain("Left empty: as in the scene.");
    expect(await told("10-1")).toContain("write 1-10");
  });
});

describe("a new job that will not do", () => {
  test("says which of its fields, and leaves no job behind", async () => {
    const visit = await ann.upload("/jobs/new", form({ frames: "10-1" }, { name: "castle.blend", content: BLEND }));
    expect(visit.status).toBe(422);
    expect(textOf(visit.page)).toContain("frames: ");
    expect(textOf(visit.page)).toContain("write 1-10");
    expect([jobs(), received()]).toEqual([0, []]);
  });

  test.each([
    ["no file chosen", { name: "", content: "" }, "Choose a file first."],
    ["something that is no scene", { name: "notes.txt", content: "hello" }, "neither a .blend nor"],
    ["an empty file", { name: "castle.blend", content: "" }, "The file is empty."],
    ["a damaged scene", { name: "castle.blend", content: BLEND }, "The .blend is cut off."],
  ])("is not made of %s", async (_what, file, told) => {
    const visit = await ann.upload("/jobs/new", form({ name: "Castle" }, file));
    expect(visit.status).toBe(422);
    expect(textOf(visit.page)).toContain(told);
    expect(find(visit.page, "input", { name: "file", "aria-invalid": "true" })).toHaveLength(1);
    expect([jobs(), received()]).toEqual([0, []]);
  });

  test("without a file at all says so", async () => {
    const visit = await ann.upload("/jobs/new", form({ name: "Castle" }));
    expect(visit.status).toBe(400);
    expect(textOf(visit.page)).toContain("no file");
    expect(jobs()).toBe(0);
  });

  test("says where a priority is for admins", async () => {
    const visit = await ann.upload("/jobs/new", form({ priority: "80" }, { name: "castle.blend", content: BLEND }));
    expect(visit.status).toBe(403);
    expect(textOf(visit.page)).toContain("is for admins");
    expect(jobs()).toBe(0);
  });

  test("from another site's page is refused before its file is looked at", async () => {
    const sent = form({}, { name: "castle.blend", content: BLEND });
    expect((await ann.upload("/jobs/new", sent, { origin: "http://elsewhere.example" })).status).toBe(403);
    expect(jobs()).toBe(0);
  });
});

describe("a new job", () => {
  test("is made of its scene, called like the file where it has no name, and shown", async () => {
    await using open = await memoryFarm({
      readBlend: () => Promise.resolve({ blend: {} as never, thumbnailPng: null }),
    });
    const cleo = await signedIn(open, "cleo@x");
    const fields = {
      name: " ",
      frames: "1-3,2",
      samples: "64",
      engine: "CYCLES",
      blenderVersion: "4.3",
      autostart: "on",
    };
    const visit = await cleo.upload("/jobs/new", form(fields, { name: "my castle.blend", content: BLEND }));
    expect([visit.status, visit.location]).toEqual([303, "/jobs/1"]);
    const made = {
      name: "my castle",
      frames: "1-3",
      samples: 64,
      engine: "CYCLES",
      blenderVersion: "4.3",
      priority: 50,
    };
    expect(getJob(open.db, 1)).toMatchObject({
      ...made,
      autostart: true,
      userId: cleo.id,
      camera: null,
      device: "auto",
    });
    expect(textOf((await cleo.get("/jobs/1/draft")).page)).toContain("my castle.blend");
  });
});
