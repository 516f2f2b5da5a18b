import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import type { Api } from "../../support/api.ts";
import { startFarm, type Farm } from "../../support/farm.ts";
import { scenes } from "../../support/scenes.ts";
import { until } from "../../support/until.ts";
import { expectAccessible, listenForComplaints } from "./sound-page.ts";
import { CHROMIUM_FLAGS } from "./stage.ts";

/** What an artist sees while real Blender renders, in a real browser before the compiled manager. */
let farm: Farm;
let folder: string;
let browser: Browser;
let ann: Api;
let page: Page;
let complaints: (...but: string[]) => string[];

beforeAll(async () => {
  folder = await scenes();
  farm = await startFarm();
  ann = await farm.addUser("ann@example.com");
  await farm.startRunner({ name: "box" });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: CHROMIUM_FLAGS });
}, 120_000);
afterEach(() => page.context().close());
afterAll(async () => {
  await browser.close();
  await farm.stop();
}, 60_000);

/** Opens a page as a user, in a browser that has never been here. */
async function open(email: string, path: string): Promise<void> {
  const context = await browser.newContext({ acceptDownloads: true });
  page = await context.newPage();
  complaints = listenForComplaints(page, farm.url);
  await page.goto(farm.url + path);
  await page.fill("#email", email);
  await page.fill("#password", `the password of ${email}`);
  await page.click("main button");
  await page.waitForURL((now) => now.pathname !== "/login");
}

/** Waits until a picture is there, and not only its place. */
async function isSeen(selector: string): Promise<void> {
  const width = () => page.evaluate<number>(`document.querySelector(${JSON.stringify(selector)})?.naturalWidth ?? 0`);
  await until(`${selector} is seen`, async () => (await width()) > 0);
}

test("a job is watched while it renders, scrubbed, its log read and a frame downloaded, whole", async () => {
  const id = await ann.submit(join(folder, "slow.blend"), { frames: "1-3" });
  await open("ann@example.com", `/jobs/${id}`);
  await page.locator("#work:has-text('box')").waitFor({ timeout: 60_000 });
  await page.locator("#work a").first().click();
  await page.locator(".log:has-text('Blender')").waitFor({ timeout: 60_000 });
  await page.goBack();
  await page.locator('.summary .badge:text-is("Completed")').waitFor({ timeout: 60_000 });
  expect(await page.title()).toStartWith("slow");
  expect(await page.locator("link[rel=icon]").getAttribute("href")).toBe("/icons/completed-100.svg");
  expect(await page.locator("#poll").count()).toBe(0);

  await page.focus("#scrub");
  await page.keyboard.press("Home");
  await page.locator(".player output:text-matches('^Frame 1 of 3')").waitFor();
  await page.locator(".player:not(.loading)").waitFor();
  await isSeen(".player .picture img");
  await page.locator("#f3").scrollIntoViewIfNeeded();
  await isSeen("#f3 img");

  await page.click("#f2");
  await page.locator("aside:has-text('box')").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=frame_0002.exr")]);
  const sha256 = createHash("sha256")
    .update(readFileSync(await download.path()))
    .digest("hex");
  expect((await ann.outputs(id)).find(({ name }) => name === "frame_0002.exr")!.sha256).toBe(sha256);
  await expectAccessible(page);
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(`**/jobs/${id}/frames/3`);
  expect(complaints()).toEqual([]);
}, 120_000);

test("a page goes on by itself when the manager is back", async () => {
  const id = await ann.submit(join(folder, "slow.blend"), { frames: "1-4" });
  await open("ann@example.com", `/jobs/${id}`);
  await page.locator("#work:has-text('box')").waitFor({ timeout: 60_000 });
  await farm.manager().kill();
  await page.locator("#banner:has-text('does not answer')").waitFor({ timeout: 20_000 });
  await farm.restart();
  await page.locator("#banner:empty").waitFor({ state: "attached", timeout: 60_000 });
  await page.locator('.summary .badge:text-is("Completed")').waitFor({ timeout: 90_000 });
  expect(complaints("ERR_", "Failed to fetch")).toEqual([]);
}, 180_000);
