import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type CDPSession, type Page } from "playwright-core";
import type { ApiJob } from "../../support/api.ts";
import { ADMIN, startFarm, type Farm } from "../../support/farm.ts";
import { beginResumable, sendRest } from "../../support/resumable.ts";
import { scenes } from "../../support/scenes.ts";
import { until } from "../../support/until.ts";
import { expectAccessible, listenForComplaints } from "./sound-page.ts";
import { CHROMIUM_FLAGS } from "./stage.ts";

/** Where a job begins, in a real browser before the compiled manager, with scenes that Blender has made. */
let farm: Farm;
let folder: string;
let browser: Browser;
let visit: Visit;

type Visit = {
  page: Page;
  devtools: CDPSession;
  complaints: (...but: string[]) => string[];
  close: () => Promise<void>;
};

beforeAll(async () => {
  folder = await scenes();
  farm = await startFarm();
  await farm.startRunner();
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: CHROMIUM_FLAGS });
}, 120_000);
afterEach(() => visit.close());
afterAll(async () => {
  await browser.close();
  await farm.stop();
}, 60_000);

/** Opens the page of a new job as the admin, in a browser that has never been here. */
async function open(options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = listenForComplaints(page, farm.url);
  await page.goto(`${farm.url}/jobs/new`);
  await page.fill("#email", ADMIN.email);
  await page.fill("#password", ADMIN.password);
  await page.click("main button");
  await page.waitForURL("**/jobs/new");
  const devtools = await context.newCDPSession(page);
  return { page, devtools, complaints, close: () => context.close() };
}

/** Drops files and folders on the middle of the page, as a file manager does. */
async function drop(...files: string[]): Promise<void> {
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await visit.devtools.send("Input.dispatchDragEvent", { type, x: 300, y: 500, data });
}

/** Bytes a second that the browser may send; all that it can without one. */
async function throttle(uploadThroughput = -1): Promise<void> {
  await visit.devtools.send("Network.enable");
  const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput };
  await visit.devtools.send("Network.emulateNetworkConditions", conditions);
}

const jobIdOf = (page: Page) => Number(/\/jobs\/(\d+)/.exec(page.url())![1]);
const theJob = async (page: Page): Promise<ApiJob> => farm.api.job(jobIdOf(page));
const inDraft = async (page: Page) => page.waitForURL(/\/jobs\/\d+\/draft$/);
const percentSent = async (page: Page) =>
  (await page.locator("#sending progress").count()) === 0
    ? 0
    : 100 * (await page.evaluate<number>("document.querySelector('#sending progress').position"));

describe("a scene that is dropped", () => {
  test("says what it misses, gets it, is told what to do, and renders", async () => {
    visit = await open();
    const { page } = visit;
    await drop(join(folder, "missing-texture.blend"));
    await inDraft(page);
    const missing = page.locator("[data-place]");
    await missing.waitFor();
    expect(await missing.getAttribute("data-place")).toBe("textures/Gemälde 1.png");
    expect(await page.locator("h1").textContent()).toBe("missing-texture");
    await expectAccessible(page);

    await page.fill("#frames", "1-3x");
    await page.locator("#samples").focus();
    await page.locator("#frames-problem").waitFor();
    await expectAccessible(page);
    await page.fill("#frames", "1-3");
    await page.fill("#name", "Painted");
    await page.locator("#frames").focus();
    await page.locator("h1:text-is('Painted')").waitFor();

    const texture = join(farm.folder, "GEMÄLDE 1.PNG");
    copyFileSync(join(folder, "Mein Projekt/Texturen/stoff.png"), texture);
    await drop(texture);
    await missing.waitFor({ state: "detached" });
    await page.reload();
    expect(await page.inputValue("#frames")).toBe("1-3");

    await page.locator("#start-told:has-text('3 frames')").waitFor();
    await page.click("button:text('Start rendering')");
    await page.waitForURL(/\/jobs\/\d+$/);
    await until("the job is done", async () => (await theJob(page)).status === "completed", { seconds: 60 });
    expect(await theJob(page)).toMatchObject({ name: "Painted", frames: "1-3", warnings: [] });
    expect(visit.complaints()).toEqual([]);
  }, 120_000);

  test("cannot start without a camera until one is chosen", async () => {
    visit = await open();
    const { page } = visit;
    await drop(join(folder, "no-camera.blend"));
    await inDraft(page);
    await page.locator(".notice.bad:has-text('no active camera')").waitFor();
    expect(await page.locator("button:text('Start rendering')").isDisabled()).toBe(true);
    await page.selectOption("#camera", "Spare camera");
    await page.locator(".notice.bad").waitFor({ state: "detached" });
    expect(await page.locator("button:text('Start rendering')").isDisabled()).toBe(false);
    await page.locator("#discard summary").click();
    await page.click("#discard button");
    await page.waitForURL("**/jobs");
    expect(visit.complaints()).toEqual([]);
  }, 60_000);

  test("cannot start without a library that it links until that is dropped", async () => {
    visit = await open();
    const { page } = visit;
    await drop(join(folder, "project-without-library.zip"));
    await inDraft(page);
    await page.locator(".notice.bad:has-text('Linked libraries were not uploaded')").waitFor();
    expect(await page.locator("button:text('Start rendering')").isDisabled()).toBe(true);
    await drop(join(folder, "Mein Projekt/Bibliothek/Réquisits.blend"));
    await page.locator("#checks > *").first().waitFor({ state: "detached" });
    await page.locator("button:text('Start rendering'):enabled").waitFor();
    expect(await page.locator(".files").textContent()).toContain("Mein Projekt/Bibliothek/Réquisits.blend");
    expect(visit.complaints()).toEqual([]);
  }, 60_000);

  test("and is none is refused in words, without a trace", async () => {
    visit = await open();
    const { page } = visit;
    const notes = join(farm.folder, "notes.txt");
    await Bun.write(notes, "no scene");
    await drop(notes);
    await page.locator("#file-problem:has-text('no .blend and no archive')").waitFor();
    expect(new URL(page.url()).pathname).toBe("/jobs/new");
    await expectAccessible(page);
    const damaged = join(farm.folder, "damaged.blend");
    await Bun.write(damaged, "BLENDER-v403REND and then nothing");
    await drop(damaged);
    await page.locator("#sending .bad:has-text('damaged')").waitFor();
    await expectAccessible(page);
    expect(farm.received().filter((path) => path.startsWith("temp/"))).toEqual([]);
    expect(visit.complaints("422")).toEqual([]);
  }, 60_000);
});

test("a folder goes on over a killed manager and a reload, and arrives whole", async () => {
  visit = await open();
  const { page } = visit;
  const project = join(farm.folder, "Großes Projekt");
  for (const part of [
    "Szenen/Größe 1.blend",
    "Bibliothek/Réquisits.blend",
    "Texturen/holz fläche.png",
    "Texturen/stoff.png",
  ]) {
    mkdirSync(join(project, part, ".."), { recursive: true });
    copyFileSync(join(folder, "Mein Projekt", part), join(project, part));
  }
  const noise = Buffer.alloc(24_000_000, crypto.getRandomValues(new Uint8Array(65_537)));
  await Bun.write(join(project, "Texturen/noise.bin"), noise);
  await throttle(1.5e6);
  await drop(project);
  await inDraft(page);
  await until("a part has arrived", async () => (await percentSent(page)) > 15);
  await farm.manager().kill();
  await page.locator(".told:has-text('The manager does not answer')").waitFor();
  await expectAccessible(page);
  await page.fill("#name", "Großer Film");
  await page.locator("#samples").focus();
  const before = await percentSent(page);
  await farm.restart();
  await until("it goes on by itself", async () => (await percentSent(page)) > before + 5);
  await until("what was typed meanwhile is saved", async () => (await theJob(page)).name === "Großer Film");
  page.on("dialog", (dialog) => void dialog.accept());
  // This browser keeps a handle to what was dropped.
  await page.reload();
  await until("it goes on without being asked", async () => (await percentSent(page)) > before + 10);
  await page.evaluate("indexedDB.deleteDatabase('jiggablend-uploads')");
  await page.reload();
  await page.locator(".told:has-text('To go on, drop the same folder')").waitFor();
  expect(await percentSent(page)).toBeGreaterThan(before);
  expect(await page.locator("#sending").textContent()).toContain("Großes Projekt.tar");
  await expectAccessible(page);
  await throttle();
  await page.setInputFiles("#folder", project);
  await page.locator("#camera").waitFor();
  expect(await page.locator("#sending .upload").count()).toBe(0);
  expect(await page.locator("#checks > *").count()).toBe(0);
  const { items } = await farm.api.json<{ items: { name: string; url: string }[] }>(
    "GET",
    `/api/jobs/${jobIdOf(page)}/files`,
  );
  expect(items.map(({ name }) => name)).toEqual(["Großes Projekt.tar"]);
  const tar = join(farm.folder, "back.tar");
  await Bun.write(tar, await farm.api.call("GET", items[0]!.url));
  const read = Bun.spawnSync(["tar", "-xOf", tar, "Großes Projekt/Texturen/noise.bin"], { stdout: "pipe" });
  expect(new Bun.CryptoHasher("sha256").update(read.stdout).digest("hex")).toBe(
    new Bun.CryptoHasher("sha256").update(noise).digest("hex"),
  );
  expect(visit.complaints("ERR_", "Failed to load resource", "Failed to fetch")).toEqual([]);
}, 120_000);

test("what had arrived when its page was closed is taken in by the next one, and a job may start by itself", async () => {
  visit = await open();
  const { page } = visit;
  const job = await farm.api.createJob({ name: "Left alone", frames: "1", autostart: false });
  const scene = join(folder, "animated.blend");
  const path = await beginResumable(farm.api, "animated.blend", Bun.file(scene).size, job.id);
  await sendRest(farm.api, path, scene);
  await page.goto(`${farm.url}/jobs/${job.id}`);
  await page.locator("#camera").waitFor();
  expect(await page.locator("#sending > *").count()).toBe(0);

  const later = await farm.api.createJob({ name: "By itself", autostart: false });
  await page.goto(`${farm.url}/jobs/${later.id}`);
  await page.check("#autostart");
  await page.fill("#frames", "1");
  await page.press("#frames", "Enter");
  await until("it is saved", async () => (await farm.api.job(later.id)).frames === "1");
  expect(new URL(page.url()).pathname).toBe(`/jobs/${later.id}/draft`);
  await drop(scene);
  await page.waitForURL(`**/jobs/${later.id}`);
  await farm.api.untilJob(later.id, "completed");
  expect(visit.complaints()).toEqual([]);
}, 60_000);

test("without a script a scene is uploaded, its form filled in, a missing file added, and the job started", async () => {
  visit = await open({ javaScriptEnabled: false });
  const { page } = visit;
  await page.setInputFiles("#file", join(folder, "missing-texture.blend"));
  await page.click("main button.primary");
  await inDraft(page);
  await until(
    "the scene is read",
    async () => (await page.reload(), (await page.locator("[data-place]").count()) === 1),
  );
  await page.setInputFiles("#file", { name: "Gemälde 1.png", mimeType: "image/png", buffer: Buffer.from("png") });
  await page.click("button:text('Add to the project')");
  await inDraft(page);
  await until("it is there", async () => (await page.reload(), (await page.locator("[data-place]").count()) === 0));
  await page.fill("#frames", "10-1");
  await page.click("button:text-is('Save')");
  await page.locator("#frames-problem:has-text('write 1-10')").waitFor();
  await page.fill("#frames", "1");
  await page.check("#format-EXR_264_MP4");
  await page.click("button:text-is('Save')");
  await page.locator("#start-told:has-text('1 frame ·')").waitFor();
  await page.click("button:text('Start rendering')");
  await page.waitForURL(/\/jobs\/\d+$/);
  expect(await theJob(page)).toMatchObject({ frames: "1", format: "EXR_264_MP4" });
  await farm.api.json("DELETE", `/api/jobs/${jobIdOf(page)}`);
  expect(visit.complaints("422")).toEqual([]);
}, 60_000);

test("a phone needs no scrolling to the side, whatever the page shows", async () => {
  visit = await open({ viewport: { width: 360, height: 740 } });
  const { page } = visit;
  const over = () =>
    page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  expect(await over()).toBe(0);
  await expectAccessible(page);
  await drop(join(folder, "missing-texture.blend"));
  await inDraft(page);
  await page.locator("[data-place]").waitFor();
  expect(await over()).toBe(0);
  await expectAccessible(page);
  expect(visit.complaints()).toEqual([]);
}, 60_000);
