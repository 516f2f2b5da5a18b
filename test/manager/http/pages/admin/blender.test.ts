import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { getStoredBlender, insertStoredBlender } from "#manager/db/blender-versions.ts";
import { takeDownloadPlace } from "#manager/storage/blender-downloads.ts";
import { changeSettings } from "#manager/services/changing-settings.ts";
import { fillFarm, type FullFarm } from "../../../../support/full-farm.ts";
import { memoryFarm, type MemoryFarm } from "../../../../support/memory-farm.ts";
import { attributeOf, find, textOf } from "../../../../web/support/parse.ts";
import { signedIn, type Visitor } from "../support/visitor.ts";

let farm: MemoryFarm;
let full: FullFarm;
let admin: Visitor;

beforeAll(async () => {
  farm = await memoryFarm();
  full = await fillFarm(farm);
  await changeSettings(farm, { "blender-download": "off" });
  admin = await signedIn(farm, "admin@x", true);
  const blender = { size: 300e6, sha256: "0".repeat(64), unpackedBytes: 1.2e9, abilities: null, addedAtMs: 0 };
  insertStoredBlender(farm.db, { ...blender, version: "4.1.9" });
});
afterAll(() => farm[Symbol.asyncDispose]());

const PATH = "/admin/blender";

test("each version is shown with where there is one, and the pinned default with it", async () => {
  await changeSettings(farm, { "blender-default": "4.1.9" });
  const text = textOf((await admin.get(PATH)).page);
  expect(text).toContain("Pinned default: Blender 4.1.9.");
  expect(text).toContain("4.1.9 (default)");
  expect(text).toContain("300 MB, unpacked 1.20 GB");
});

test("what is no version is told next to its field, where downloads are on; where they are off, there is no field", async () => {
  expect(find((await admin.get(PATH)).page, "input", { name: "version" })).toEqual([]);
  await changeSettings(farm, { "blender-download": "on", "blender-mirror": "http://127.0.0.1:9/" });
  const refused = await admin.post(PATH, { version: "newest" });
  const [field] = find(refused.page, "input", { name: "version" });
  expect([refused.status, attributeOf(field, "value")]).toEqual([422, "newest"]);
  expect(attributeOf(field, "aria-invalid")).toBe("true");
  await changeSettings(farm, { "blender-download": "off" });
});

test("an archive that is no Blender is taken in by a plain form, and the page says why it was not added, then polls no more", async () => {
  const form = new FormData();
  form.set("file", new File(["no archive"], "blender-9.9.9-linux-x64.tar.xz"));
  const sent = await admin.upload(`${PATH}/upload`, form);
  expect([sent.status, sent.location]).toEqual([303, PATH]);
  while (farm.additions.list().some(({ status }) => status === "running")) await Bun.sleep(5);
  const { page } = await admin.get(PATH);
  expect(farm.additions.list()[0]).toMatchObject({ status: "failed", version: null });
  expect(textOf(page)).toContain(farm.additions.list()[0]!.message!);
  expect(find(page, "div", { id: "poll" })).toEqual([]);
});

test("an archive for which there is no room is refused before its first byte, by the page and by the API", async () => {
  const before = farm.additions.list();
  const form = new FormData();
  form.set("file", new File(["would be large"], "blender-9.9.9-linux-x64.tar.xz"));
  const large = { "content-length": "1000000000000000" };
  for (const path of [`${PATH}/upload`, "/api/admin/blender/upload"]) {
    const refused = await admin.upload(path, form, large);
    expect([path, refused.status]).toEqual([path, 507]);
    expect(refused.page).toMatch(/This takes about .+, and the storage has .+ free/);
  }
  const { page } = await admin.upload(`${PATH}/upload`, form, large);
  expect(find(page, "p", { id: "file-problem" })).toHaveLength(1);
  expect(farm.additions.list()).toEqual(before);
  expect(await readdir(farm.storage.temp)).toEqual([]);
});

test("what is under way is polled, and can be stopped", async () => {
  await using site = siteThatNeverAnswers();
  await changeSettings(farm, { "blender-download": "on", "blender-mirror": site.url });
  const { id } = farm.additions.begin(farm, "8.8.8", { kind: "release", version: "8.8.8" });
  const { page } = await admin.get(PATH);
  expect(find(page, "div", { id: "poll" })).toHaveLength(1);
  expect(find(page, "form", { action: `${PATH}/additions/${id}/cancel` })).toHaveLength(1);
  expect((await admin.post(`${PATH}/additions/${id}/cancel`)).status).toBe(303);
  const ended = () => farm.additions.list().find((addition) => addition.id === id)!;
  while (ended().status === "running") await Bun.sleep(5);
  expect(ended()).toMatchObject({ message: "It was stopped." });
  await changeSettings(farm, { "blender-download": "off" });
});

test("a download that was cut off is shown, goes on where downloads are on, and can be removed", async () => {
  await cutDownload("7.7.7", 2e6);
  const off = await admin.get(PATH);
  expect(textOf(off.page)).toContain("7.7.7 : 2 MB have come");
  expect(find(off.page, "input", { value: "7.7.7" })).toEqual([]);
  await changeSettings(farm, { "blender-download": "on", "blender-mirror": "http://127.0.0.1:9/" });
  expect(find((await admin.get(PATH)).page, "input", { value: "7.7.7" })).toHaveLength(1);
  await changeSettings(farm, { "blender-download": "off" });
  expect((await admin.post(`${PATH}/7.7.7/remove`)).status).toBe(303);
  expect(textOf((await admin.get(PATH)).page)).not.toContain("7.7.7 :");
});

/** Leaves what a download of a version that was cut off leaves; returns its path. */
async function cutDownload(version: string, bytes: number): Promise<string> {
  await using place = await takeDownloadPlace(farm.storage, version, "ab".repeat(32));
  await Bun.write(place!.path, new Uint8Array(bytes));
  return place!.path;
}

/** A release site that takes every question and says nothing. */
function siteThatNeverAnswers(): AsyncDisposable & { url: string } {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch: () => new Promise<Response>(() => {}),
  });
  return { url: `http://127.0.0.1:${server.port}/`, [Symbol.asyncDispose]: () => server.stop(true) };
}

test("a version in use stays, and what has come of a download of it, with a way to remove it all the same", async () => {
  const path = await cutDownload("4.1.9", 4);
  farm.db.query("UPDATE jobs SET blender_used = '4.1.9' WHERE id = ?").run(full.jobs.running);
  const refused = await admin.post(`${PATH}/4.1.9/remove`);
  expect(refused.status).toBe(409);
  expect(textOf(refused.page)).toContain("Blender 4.1.9 is in use by job");
  expect(find(refused.page, "input", { name: "force", value: "true" })).toHaveLength(1);
  expect(getStoredBlender(farm.db, "4.1.9")).not.toBeNull();
  expect(await Bun.file(path).exists()).toBe(true);
  expect((await admin.post(`${PATH}/4.1.9/remove`, { force: "true" })).status).toBe(303);
  expect(getStoredBlender(farm.db, "4.1.9")).toBeNull();
  expect(await Bun.file(path).exists()).toBe(false);
});

test("who is no admin is refused", async () => {
  const ann = await signedIn(farm, "ann@x");
  expect((await ann.get(PATH)).status).toBe(403);
  expect((await ann.post(`${PATH}/4.1.9/remove`)).status).toBe(403);
});
