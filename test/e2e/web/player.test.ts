import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { getJob } from "#manager/db/jobs.ts";
import { cancelJob } from "#manager/services/job-control.ts";
import { addQueuedJob } from "../../support/memory-farm.ts";
import { expectAccessible } from "./sound-page.ts";
import { openStage, type Stage, type Visit } from "./stage.ts";

/** The player of a job and what is done to several jobs, in a real browser before a farm without programs. */
let stage: Stage;
let visit: Visit;

beforeAll(async () => void (stage = await openStage()), 60_000);
afterEach(async () => {
  await visit.close();
  await stage.clear();
});
afterAll(() => stage.close());

const addJob = (frames: string) => addQueuedJob(stage.farm, { userId: stage.annId, frames });
const shown = (page: Page, frame: number) =>
  page.locator(`.player output:text-matches("^Frame ${frame} of")`).waitFor();

/** A job of eight frames of which the first, the middle and the last are filed. */
async function aFilm(): Promise<number> {
  const id = addJob("1-8");
  for (let i = 0; i < 3; i++) await stage.complete(await stage.take());
  return id;
}

test("the keys step, jump and play, and a hole says what it is", async () => {
  const id = await aFilm();
  visit = await stage.open(`/jobs/${id}`);
  const { page } = visit;
  await shown(page, 8);
  await page.focus("#scrub");
  await page.keyboard.press("Home");
  await shown(page, 1);
  expect(await page.locator(".player .picture img").getAttribute("alt")).toBe("Frame 1");
  await page.keyboard.press("ArrowRight");
  await page.locator(".player .hole:text-is('Frame 2 is waiting.')").waitFor();
  expect(await page.locator("#scrub").getAttribute("aria-valuetext")).toBe("Frame 2, is waiting");
  await cancelJob(stage.farm, id);
  await page.locator(".player .hole:text-is('Frame 2 was not rendered.')").waitFor();
  await page.keyboard.press("End");
  await shown(page, 8);
  await page.keyboard.press("ArrowLeft");
  await shown(page, 7);
  await page.keyboard.press(" ");
  await page.locator(".player.playing").waitFor();
  await shown(page, 2);
  await page.keyboard.press("k");
  await page.locator(".player:not(.playing)").waitFor();
  expect(visit.complaints()).toEqual([]);
}, 30_000);

test("the frame stands in the address, so that a reload shows the same one", async () => {
  const id = await aFilm();
  visit = await stage.open(`/jobs/${id}`);
  const { page } = visit;
  await page.focus("#scrub");
  await page.keyboard.press("Home");
  await page.waitForURL("**#play-1");
  await page.reload();
  await shown(page, 1);
  expect(visit.complaints()).toEqual([]);
}, 30_000);

test("the latest frame is shown as it comes, until somebody chooses another, which then stays", async () => {
  const id = await aFilm();
  visit = await stage.open(`/jobs/${id}`);
  const { page } = visit;
  await shown(page, 8);
  await stage.complete(await stage.take());
  await shown(page, 2);
  await page.click("[data-do=first]");
  await stage.complete(await stage.take());
  await page.locator(".summary b:text-is('5')").waitFor();
  await shown(page, 1);
  await page.click("[data-do=latest]");
  await shown(page, 3);
  expect(visit.complaints()).toEqual([]);
}, 30_000);

test("a finger that draws over the picture scrubs", async () => {
  const id = await aFilm();
  visit = await stage.open(`/jobs/${id}`, { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });
  const { page } = visit;
  await page.evaluate("location.hash = '#play-1'");
  await shown(page, 1);
  const box = (await page.locator(".player .picture").boundingBox())!;
  const devtools = await page.context().newCDPSession(page);
  const at = (part: number) => [{ x: box.x + box.width * part, y: box.y + box.height / 2 }];
  await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0.1) });
  for (const part of [0.2, 0.4, 0.6])
    await devtools.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(part) });
  await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await shown(page, 5);
  expect(visit.complaints()).toEqual([]);
}, 30_000);

test("several jobs are chosen, stay chosen over news, and are paused with one sentence", async () => {
  const ids = [addJob("1-4"), addJob("1-4"), addJob("1-4")];
  visit = await stage.open("/jobs");
  const { page } = visit;
  for (const id of ids.slice(0, 2)) await page.check(`#choose-${id}`);
  expect(await page.locator("[data-chosen]").textContent()).toBe("2");
  await stage.complete(await stage.take());
  await page.locator(`#job-${ids[0]} .progress:has-text("1 / 4")`).waitFor();
  expect(await page.isChecked(`#choose-${ids[1]}`)).toBe(true);
  for (const field of ["#many-priority", `#choose-${ids[0]}`]) await page.press(field, "Enter"); // does nothing
  await page.click(".many button:text-is('Pause')");
  await page.locator("#result:has-text('2 jobs paused.')").waitFor();
  expect(ids.map((id) => getJob(stage.farm.db, id)!.status)).toEqual(["paused", "paused", "queued"]);
  await expectAccessible(page);
  expect(visit.complaints()).toEqual([]);
}, 30_000);

test("axe-core finds nothing on the pages of a job, and the icon of the tab follows", async () => {
  const id = await aFilm();
  const granted = await stage.take();
  visit = await stage.open(`/jobs/${id}`);
  const { page } = visit;
  expect(await page.locator("link[rel=icon]").getAttribute("href")).toBe("/icons/running-35.svg");
  await expectAccessible(page);
  await stage.complete(granted);
  await page.locator('link[rel=icon][href="/icons/running-50.svg"]').waitFor({ state: "attached" });
  for (const path of [`frames/1`, `frames/3`, `tasks/${granted.task.id}`, "outputs"]) {
    await page.goto(`${stage.url}/jobs/${id}/${path}`);
    await expectAccessible(page);
  }
  expect(visit.complaints()).toEqual([]);
}, 60_000);
