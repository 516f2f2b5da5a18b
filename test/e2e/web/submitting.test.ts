import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { getJob, listActiveJobs, setJobMetadata } from "#manager/db/jobs.ts";
import { addQueuedJob } from "../../support/memory-farm.ts";
import { aMetadata } from "../../support/metadata.ts";
import { expectAccessible } from "./sound-page.ts";
import { openStage, type Stage, type Visit } from "./stage.ts";

let stage: Stage;
let visit: Visit;

beforeAll(async () => void (stage = await openStage()), 60_000);
afterEach(async () => {
  await visit.close();
  await stage.clear();
});
afterAll(() => stage.close());

/** A file as a user has it on disk. */
async function scene(bytes = 0): Promise<string> {
  const path = join(stage.farm.storage.root, "castle.blend");
  await Bun.write(path, Buffer.concat([Buffer.from("BLENDER-v403REND"), Buffer.alloc(bytes)]));
  return path;
}

describe("a new job", () => {
  test("is counted while it is typed, uploaded with signs of progress, and shown", async () => {
    visit = await stage.open("/jobs/new");
    const { page } = visit;
    await page.fill("#frames", "1-100x5");
    await page.locator("#frames-told:text-is('20 frames')").waitFor();
    await page.setInputFiles("#file", await scene(30_000_000));
    await page.evaluate(
      `new MutationObserver(() => sessionStorage.setItem("shown", document.querySelector("[data-upload-progress] p").textContent))
         .observe(document.querySelector("[data-upload-progress]"), { childList: true, subtree: true })`,
    );
    await page.click("main button.primary");
    await page.waitForURL(/\/jobs\/\d+$/);
    expect(await page.evaluate("sessionStorage.getItem('shown')")).toContain("All is sent");
    expect(listActiveJobs(stage.farm.db)).toMatchObject([
      { name: "castle", frames: "1-96x5", fileName: "castle.blend" },
    ]);
    expect(visit.complaints()).toEqual([]);
  }, 30_000);

  test("that will not do keeps its file chosen, so that only what is wrong is to be done again", async () => {
    visit = await stage.open("/jobs/new");
    const { page } = visit;
    await page.setInputFiles("#file", await scene());
    await page.fill("#frames", "10-1");
    await page.click("main button.primary");
    await page.locator("#frames-problem:has-text('write 1-10')").waitFor();
    expect(await page.evaluate("document.querySelector('#file').files[0].name")).toBe("castle.blend");
    await page.fill("#frames", "1-10");
    await page.click("main button.primary");
    await page.waitForURL(/\/jobs\/\d+$/);
    expect(visit.complaints("422")).toEqual([]);
  }, 30_000);

  test.each([true, false])(
    "that is refused while its large file arrives hears why (with a script: %p)",
    async (javaScriptEnabled) => {
      visit = await stage.open("/jobs/new", { javaScriptEnabled });
      const { page } = visit;
      await page.setInputFiles("#file", await scene(45_000_000));
      await page.fill("#frames", "10-1");
      await page.click("main button.primary");
      await page.locator("#frames-problem:has-text('write 1-10')").waitFor();
      expect(listActiveJobs(stage.farm.db)).toEqual([]);
      expect(visit.complaints("422")).toEqual([]);
    },
    30_000,
  );
});

test("without a script one can sign in, make a job, read it, cancel it, delete it and sign out", async () => {
  visit = await stage.open("/jobs/new", { javaScriptEnabled: false });
  const { page } = visit;
  await page.setInputFiles("#file", await scene());
  await page.click("main button.primary");
  await page.waitForURL(/\/jobs\/\d+$/);
  const id = Number(page.url().split("/").at(-1));
  setJobMetadata(stage.farm.db, id, aMetadata());
  await page.reload();
  expect(await page.locator("h1").textContent()).toBe("castle");
  await page.locator("#cancel summary").click();
  await page.click("#cancel button");
  await page.locator('.summary .badge:text-is("Canceled")').waitFor();
  await page.locator("#delete summary").click();
  await page.click("#delete button");
  await page.waitForURL("**/jobs");
  expect(getJob(stage.farm.db, id)).toBeNull();
  await page.click(".account button");
  await page.waitForURL("**/login");
  expect(visit.complaints()).toEqual([]);
}, 30_000);

test("a phone needs no scrolling to the side on any page, and axe-core finds nothing there", async () => {
  const id = addQueuedJob(stage.farm, { userId: stage.annId, frames: "1-1200" });
  const granted = await stage.take();
  await stage.complete(granted);
  visit = await stage.open("/jobs", { viewport: { width: 360, height: 740 } });
  const { page } = visit;
  const job = `/jobs/${id}`;
  for (const path of [
    "/jobs",
    job,
    `${job}/tasks/${granted.task.id}`,
    `${job}/frames/2`,
    "/jobs/new",
    "/runners",
    "/x",
  ]) {
    await page.goto(stage.url + path);
    const over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect([path, over]).toEqual([path, 0]);
    await expectAccessible(page);
  }
  expect(visit.complaints("404")).toEqual([]);
}, 30_000);
