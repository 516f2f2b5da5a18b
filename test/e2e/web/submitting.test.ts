import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { listUploads, setFileSha256 } from "#manager/db/files.ts";
import {
  getJob,
  listActiveJobs,
  setJobContext,
  setJobFileName,
  setJobMetadata,
  setJobMessage,
} from "#manager/db/jobs.ts";
import { getUser } from "#manager/db/users.ts";
import { createJob } from "#manager/services/jobs.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
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
  test("is counted while it is typed, and what is typed is not overtaken by news", async () => {
    const job = await createJob(stage.farm, getUser(stage.farm.db, stage.annId)!, { name: "A", autostart: false });
    setJobFileName(stage.farm.db, job.id, "castle.blend");
    visit = await stage.open(`/jobs/${job.id}/draft`);
    const { page } = visit;
    await page.fill("#frames", "1-100x5");
    await page.locator("#frames-told:text-is('20 frames')").waitFor();
    setJobMetadata(stage.farm.db, job.id, aMetadata());
    await page.locator("#camera").waitFor();
    expect(await page.inputValue("#frames")).toBe("1-100x5");
    await page.fill("#priority", "80");
    await page.locator("#name").focus();
    await page.locator("#priority-problem").waitFor();
    await page.waitForTimeout(1500); // longer than a poller would wait
    expect(await page.inputValue("#priority")).toBe("80");
    expect(getJob(stage.farm.db, job.id)).toMatchObject({ frames: "1-96x5", priority: 50 });
    expect(visit.complaints()).toEqual([]);
  }, 30_000);

  test("goes on when the one who sends it has signed in again", async () => {
    visit = await stage.open("/jobs/new");
    const { page } = visit;
    await page.context().clearCookies();
    await page.setInputFiles("#file", await scene());
    await page.waitForURL("**/login?next=%2Fjobs%2Fnew");
    await stage.signIn(page);
    expect(new URL(page.url()).pathname).toBe("/jobs/new");
    expect(visit.complaints("401")).toEqual([]);
  }, 30_000);

  test("that is refused while its large file arrives hears why, without a script", async () => {
    changeSetting(stage.farm, "max-upload-size", "20MB");
    visit = await stage.open("/jobs/new", { javaScriptEnabled: false });
    const { page } = visit;
    await page.setInputFiles("#file", await scene(45_000_000));
    await page.click("main button.primary");
    await page.locator("#file-problem:has-text('larger than the 20 MB')").waitFor();
    changeSetting(stage.farm, "max-upload-size", "50GB");
    expect(listActiveJobs(stage.farm.db)).toEqual([]);
    expect(visit.complaints("413")).toEqual([]);
  }, 30_000);
});

test("without a script one can sign in, make a job, read it, cancel it, delete it and sign out", async () => {
  visit = await stage.open("/jobs/new", { javaScriptEnabled: false });
  const { page } = visit;
  await page.setInputFiles("#file", await scene());
  await page.click("main button.primary");
  await page.waitForURL(/\/jobs\/\d+\/draft$/);
  const id = Number(page.url().split("/").at(-2));
  // The stage has no programs that could take the file in; what they would have found is written down for them.
  await stage.farm.background.settled();
  setJobMessage(stage.farm.db, id, null, null);
  setJobContext(stage.farm.db, id, { version: 1, size: 1, sha256: "00" });
  for (const { id: fileId } of listUploads(stage.farm.db, id, 0, 9)) setFileSha256(stage.farm.db, fileId, "00");
  setJobMetadata(stage.farm.db, id, aMetadata());
  await page.reload();
  expect(await page.locator("h1").textContent()).toBe("castle");
  await page.click("button:text('Start rendering')");
  await page.waitForURL(/\/jobs\/\d+$/);
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
