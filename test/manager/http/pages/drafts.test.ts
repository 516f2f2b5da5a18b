import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { SceneMetadata } from "#domain/scene.ts";
import { deleteStoredBlender, insertStoredBlender } from "#manager/db/blender-versions.ts";
import { insertUpload, listUploads, setFileSha256 } from "#manager/db/files.ts";
import {
  getJob,
  setJobContext,
  setJobFileName,
  setJobMessage,
  setJobMetadata,
  setJobStatus,
} from "#manager/db/jobs.ts";
import { replaceProjectFiles } from "#manager/db/project-files.ts";
import { getUser } from "#manager/db/users.ts";
import { createJob } from "#manager/services/jobs.ts";
import { beginUpload } from "#manager/services/resumable-uploads.ts";
import { addTestRunner, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { aMetadata, aScene } from "../../../support/metadata.ts";
import { attributeOf, find, textOf } from "../../../web/support/parse.ts";
import { signedIn, type Visitor } from "./support/visitor.ts";

let farm: MemoryFarm;
let ann: Visitor;
let ben: Visitor;

beforeAll(async () => {
  farm = await memoryFarm();
  ann = await signedIn(farm, "ann@x");
  ben = await signedIn(farm, "ben@x");
  await addTestRunner(farm, "box");
});
afterAll(() => farm[Symbol.asyncDispose]());

const user = () => getUser(farm.db, ann.id)!;
const poller = (page: string) => find(page, "div", { id: "poll" })[0];
const startButton = (page: string) => find(page, "button", { value: "start" })[0];

async function emptyDraft(): Promise<number> {
  return (await createJob(farm, user(), { name: "Castle", autostart: false })).id;
}

/** A draft with its scene, read as told. */
async function draft(metadata: SceneMetadata | null = aMetadata()): Promise<number> {
  const id = await emptyDraft();
  setJobFileName(farm.db, id, "castle.blend");
  setJobContext(farm.db, id, { version: 1, size: 1, sha256: "00" });
  const fileId = insertUpload(farm.db, { jobId: id, name: "castle.blend", size: 84_000_000, createdAtMs: 0 });
  if (metadata) {
    setFileSha256(farm.db, fileId, "00");
    setJobMetadata(farm.db, id, metadata);
  }
  return id;
}
const needs = (path: string, kind = "image") => ({
  kind,
  name: path,
  path,
  packed: false,
  missing: true,
  nearMatch: null,
});

describe("a draft's page", () => {
  test("asks for the scene while there is none, and already takes what is known of the job", async () => {
    const id = await emptyDraft();
    const { page } = await ann.get(`/jobs/${id}/draft`);
    expect(find(page, "form", { action: `/jobs/${id}/draft/files`, enctype: "multipart/form-data" })).toHaveLength(1);
    expect(find(page, "input", { name: "frames" })).toHaveLength(1);
    expect(attributeOf(startButton(page), "disabled")).toBe("");
    expect(textOf(page)).toContain("The scene is still to come.");
  });

  test("says how much of an upload has arrived, to its sender", async () => {
    const id = await emptyDraft();
    const key = Buffer.from("abc").toString("base64");
    await beginUpload(farm, user(), { name: "castle.blend", size: 3e9, jobId: id, metadata: `key ${key}` });
    const { page } = await ann.get(`/jobs/${id}/draft`);
    expect(textOf(page)).toContain("0 B of 3 GB have arrived.");
    expect(find(page, "div", { "data-name": "castle.blend", "data-key": "abc" })).toHaveLength(1);
  });

  test("is asked for every second while the scene is read, and seldom afterwards", async () => {
    const every = async (id: number) => attributeOf(poller((await ann.get(`/jobs/${id}/draft`)).page), "hx-trigger");
    expect(await every(await draft(null))).toBe("every 1s");
    expect(await every(await draft(aMetadata({ final: false })))).toBe("every 3s");
    expect(await every(await draft())).toBe("every 10s");
  });

  test("shows what the scene says beside what can be chosen", async () => {
    const scenes = [aScene({ cameras: ["Front", "Top"] }), aScene({ name: "Other" })];
    const { page } = await ann.get(`/jobs/${await draft(aMetadata({ scenes }))}/draft`);
    const options = find(page, "option").map((option) => attributeOf(option, "value"));
    for (const name of ["Scene", "Other", "Front", "Top", "3.4.1"]) expect(options).toContain(name);
    expect(attributeOf(find(page, "input", { name: "frames" })[0], "placeholder")).toBe("1-4");
    expect(textOf(page)).toContain("4 frames · 64 × 36 · Cycles · Blender 3.4.1");
    expect(textOf(page)).toContain("Blender 3.4.1, the newest 3.4 here; the file was saved by 3.4.");
    expect(find(page, "input", { type: "radio", name: "format" })).toHaveLength(4);
    expect(attributeOf(startButton(page), "disabled")).toBeNull();
  });

  test("names missing files with the places that wait for them, before the button", async () => {
    const files = [needs("//textures/wood.png"), needs("C:\\Users\\me\\stone.png"), needs("//textures/wood.png")];
    const { page } = await ann.get(`/jobs/${await draft(aMetadata({ mainFile: "castle/scene.blend", files }))}/draft`);
    const places = find(page, "li").flatMap((item) => attributeOf(item, "data-place") ?? []);
    expect(places).toEqual(["castle/textures/wood.png", "castle/stone.png"]);
    expect(page.indexOf("2 missing files")).toBeLessThan(page.indexOf("Start rendering"));
    expect(attributeOf(startButton(page), "disabled")).toBeNull();
  });

  test.each<[string, Partial<SceneMetadata>, string]>([
    ["no camera", { scenes: [aScene({ camera: null, cameras: ["Top"] })] }, "has no active camera"],
    ["an engine that nobody has", { scenes: [aScene({ engine: "STRANGE" })] }, "an add-on that is not on"],
    ["a library that is missing", { files: [needs("//lib.blend", "library")] }, "Linked libraries were not uploaded"],
    ["more frames than a job has", { scenes: [aScene({ frameEnd: 1_000_000 })] }, "at most 100000 frames"],
  ])("cannot be started with %s, and says so", async (_what, change, told) => {
    const { page } = await ann.get(`/jobs/${await draft(aMetadata(change))}/draft`);
    expect(textOf(page)).toContain(told);
    expect(attributeOf(startButton(page), "disabled")).toBe("");
  });

  test("asks for the main .blend where it is not clear which that is", async () => {
    const id = await draft(null);
    const files = ["a.blend", "b.blend", "wood.png"].map((path) => ({ path, size: 1, sha256: "00", offset: 0 }));
    replaceProjectFiles(farm.db, id, files);
    setJobMessage(farm.db, id, null, "Several .blend files could be the main one; say which.");
    const { page } = await ann.get(`/jobs/${id}/draft`);
    expect(textOf(page)).toContain("Several .blend files could be the main one");
    const options = find(page, "option").map((option) => attributeOf(option, "value"));
    expect(options.slice(0, 3)).toEqual(["", "a.blend", "b.blend"]);
    expect(attributeOf(startButton(page), "disabled")).toBe("");
  });

  test("waits with the start for what is still being taken in, and says when that went wrong", async () => {
    const id = await draft();
    insertUpload(farm.db, { jobId: id, name: "wood.png", size: 1, createdAtMs: 0 });
    const page = async () => (await ann.get(`/jobs/${id}/draft`)).page;
    expect(textOf(await page())).toContain("The new files are being taken in.");
    expect(attributeOf(poller(await page()), "hx-trigger")).toBe("every 1s");
    setJobMessage(farm.db, id, "internal", "The manager's disk is full.");
    expect(textOf(await page())).toContain("The manager's disk is full.");
    expect(textOf(await page())).not.toContain("are being taken in");
    expect(attributeOf(startButton(await page()), "disabled")).toBe("");
  });

  test("says when no runner has a Blender for it; it may wait for one", async () => {
    const { page } = await ann.get(`/jobs/${await draft(aMetadata({ blenderVersion: "5.2" }))}/draft`);
    expect(textOf(page)).toContain("The file was saved by Blender 5.2");
    expect(attributeOf(startButton(page), "disabled")).toBeNull();
  });

  test("is nobody else's, and leads to the job once that has started", async () => {
    const id = await draft();
    expect((await ben.get(`/jobs/${id}/draft`)).status).toBe(404);
    expect((await ben.post(`/jobs/${id}/draft`, { name: "Mine" })).status).toBe(404);
    expect((await ben.post(`/jobs/${id}/discard`)).status).toBe(404);
    setJobStatus(farm.db, id, "queued");
    const visit = await ann.get(`/jobs/${id}/draft`);
    expect([visit.status, visit.location]).toEqual([303, `/jobs/${id}`]);
    const poll = await ann.poll(`/jobs/${id}/draft`);
    expect([poll.status, poll.headers.get("hx-redirect")]).toEqual([204, `/jobs/${id}`]);
    expect((await ann.post(`/jobs/${id}/discard`)).location).toBe(`/jobs/${id}`);
    expect(getJob(farm.db, id)!.status).toBe("queued");
  });
});

describe("a draft's form", () => {
  test("is saved with each change, and the draft is judged anew", async () => {
    const id = await draft(aMetadata({ scenes: [aScene({ camera: null, cameras: ["Top"] })] }));
    setJobMessage(farm.db, id, "no_camera", "The scene has no active camera.");
    const typed = { name: "Castle 2", camera: "Top", frames: "1-10,12", samples: "", format: "EXR_VP9_WEBM" };
    const visit = await ann.post(`/jobs/${id}/draft`, { ...typed, addons: "io_scene_fbx, node_arrange" }, HTMX);
    expect(visit.status).toBe(200);
    expect(textOf(visit.page)).toContain("11 frames · 64 × 36");
    expect(getJob(farm.db, id)).toMatchObject({
      ...{ name: "Castle 2", camera: "Top", frames: "1-10,12", format: "EXR_VP9_WEBM", samples: null },
      ...{ addons: ["io_scene_fbx", "node_arrange"], reason: null, status: "draft", autostart: false },
    });
  });

  test("offers the add-ons of the Blender that would render, and says which of those named it does not come with", async () => {
    const version = "3.4.1";
    const told = { denoiser: true, engines: ["CYCLES"], addons: ["node_wrangler", "rigify"] };
    const stored = { version, size: 1, sha256: "00", unpackedBytes: 1, abilities: told, addedAtMs: 0 };
    const id = await draft();
    expect(find((await ann.get(`/jobs/${id}/draft`)).page, "datalist")).toEqual([]);
    insertStoredBlender(farm.db, stored);
    const { page } = await ann.get(`/jobs/${id}/draft`);
    const offered = find(page, "option").map((option) => attributeOf(option, "value"));
    expect(offered).toEqual(expect.arrayContaining(told.addons));
    expect(attributeOf(find(page, "details", { id: "more" })[0], "open")).toBeNull();
    const visit = await ann.post(`/jobs/${id}/draft`, { addons: "rigify, io_gone, io_lost" }, HTMX);
    expect(textOf(visit.page)).toContain("Blender 3.4.1 does not come with the add-ons io_gone, io_lost");
    expect(attributeOf(find(visit.page, "details", { id: "more" })[0], "open")).toBe("");
    expect(attributeOf(startButton(visit.page), "disabled")).toBeNull();
    deleteStoredBlender(farm.db, version);
    expect(textOf((await ann.get(`/jobs/${id}/draft`)).page)).not.toContain("does not come with");
  });

  test("leaves alone what it does not show", async () => {
    const id = (await createJob(farm, user(), { name: "A", camera: "Top", priority: 20, device: "cpu" })).id;
    await ann.post(`/jobs/${id}/draft`, { name: "B" }, HTMX);
    expect(getJob(farm.db, id)).toMatchObject({ name: "B", camera: "Top", priority: 20, device: "cpu" });
  });

  test("saves what will do, keeps what will not as it was typed, and says why beside it", async () => {
    const id = await draft();
    const typed = { name: "Tower", frames: "10-1", samples: "-3", priority: "80", addons: "a b;c", format: "GIF" };
    for (const headers of [{}, HTMX]) {
      const visit = await ann.post(`/jobs/${id}/draft`, typed, headers);
      expect(visit.status).toBe("hx-request" in headers ? 200 : 422);
      for (const [name, value] of [
        ["frames", "10-1"],
        ["samples", "-3"],
        ["addons", "a b;c"],
      ] as const)
        expect(find(visit.page, "input", { name, value, "aria-invalid": "true" })).toHaveLength(1);
      expect(textOf(visit.page)).toContain("write 1-10");
      expect(textOf(visit.page)).toContain("This takes a whole number from 1 to 1000000.");
    }
    expect(getJob(farm.db, id)).toMatchObject({ frames: null, samples: null, priority: 50, format: "EXR" });
  });

  test("starts the job when told to, or says why it does not", async () => {
    const id = await draft();
    const visit = await ann.post(`/jobs/${id}/draft`, { frames: "1-2", then: "start" });
    expect([visit.status, visit.location]).toEqual([303, `/jobs/${id}`]);
    expect(getJob(farm.db, id)).toMatchObject({ status: "queued", framesTotal: 2 });
    const early = await ann.post(`/jobs/${await emptyDraft()}/draft`, { then: "start" });
    expect(early.status).toBe(422);
    expect(textOf(early.page)).toMatch(/not (been )?(read|uploaded)|still|Nothing/);
  });

  test("does not start while something of it will not do", async () => {
    const id = await draft();
    expect((await ann.post(`/jobs/${id}/draft`, { frames: "x", then: "start" })).status).toBe(422);
    expect(getJob(farm.db, id)!.status).toBe("draft");
  });

  test("takes it that the job starts by itself, until the scene is there", async () => {
    const id = await emptyDraft();
    await ann.post(`/jobs/${id}/draft`, { name: "A", autostart: "on" }, HTMX);
    expect(getJob(farm.db, id)!.autostart).toBe(true);
    await ann.post(`/jobs/${id}/draft`, { name: "A" }, HTMX);
    expect(getJob(farm.db, id)!.autostart).toBe(false);
  });

  test("from another site's page is refused", async () => {
    const id = await draft();
    expect((await ann.post(`/jobs/${id}/draft`, { name: "x" }, { origin: "http://elsewhere.example" })).status).toBe(
      403,
    );
  });
});

describe("a file that is added without a script", () => {
  const form = (name: string, content: string) => {
    const sent = new FormData();
    sent.append("file", new File([content], name));
    return sent;
  };

  test("goes to the place that waits for it", async () => {
    const id = await draft(aMetadata({ files: [needs("//textures/Wood.png")] }));
    const visit = await ann.upload(`/jobs/${id}/draft/files`, form("wood.PNG", "png"));
    expect([visit.status, visit.location]).toEqual([303, `/jobs/${id}/draft`]);
    expect(listUploads(farm.db, id, 0, 10).map(({ name }) => name)).toEqual(["castle.blend", "textures/Wood.png"]);
  });

  test("is refused with a sentence beside it", async () => {
    const id = await emptyDraft();
    for (const [name, told] of [
      ["notes.txt", "neither a .blend nor"],
      ["", "Choose a file first."],
    ] as const) {
      const visit = await ann.upload(`/jobs/${id}/draft/files`, form(name, "x"));
      expect(visit.status).toBe(422);
      expect(textOf(find(visit.page, "p", { id: "file-problem" }).length === 1 ? visit.page : "")).toContain(told);
      expect(find(visit.page, "input", { name: "file", "aria-invalid": "true" })).toHaveLength(1);
    }
  });
});

test("a draft is discarded with what was uploaded for it", async () => {
  const id = await draft();
  const visit = await ann.post(`/jobs/${id}/discard`);
  expect([visit.status, visit.location]).toEqual([303, "/jobs"]);
  expect(getJob(farm.db, id)).toBeNull();
});

const HTMX = { "hx-request": "true" };
