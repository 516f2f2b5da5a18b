import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { cancelJob } from "#manager/services/job-control.ts";
import { addQueuedJob } from "../../support/memory-farm.ts";
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

const addJob = (frames: string) => addQueuedJob(stage.farm, { userId: stage.annId, frames });

describe("a job that is watched", () => {
  test("moves on by itself, until it is done and asks no more", async () => {
    const id = addJob("1-2");
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    const polls: number[] = [];
    page.on("response", (answer) => void (answer.request().headers()["hx-request"] && polls.push(answer.status())));
    await page.waitForResponse((answer) => answer.status() === 304);
    for (const done of [1, 2]) {
      await stage.complete(await stage.take());
      await page.locator(`.summary b:text-is("${done}")`).waitFor();
    }
    await page.locator('.summary .badge:text-is("Completed")').waitFor();
    expect(await page.locator("#poll").count()).toBe(0);
    const asked = polls.length;
    await page.waitForTimeout(2500); // longer than a poller would wait
    expect(polls.length).toBe(asked);
    expect(visit.complaints()).toEqual([]);
  }, 30_000);

  test("keeps the focus, the place and what is open, and says in the title how far it is", async () => {
    const id = addJob("1-400");
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    const tab = page.locator('.tabs a:has-text("All")');
    await page.locator("#cancel summary").click();
    await tab.focus();
    const before = await tab.boundingBox();
    await stage.complete(await stage.take());
    await page.locator(".summary b:text-is('1')").waitFor();
    expect(await page.locator("#cancel[open]").count()).toBe(1);
    expect(await page.evaluate("document.activeElement.textContent.trim().slice(0, 3)")).toBe("All");
    expect(Math.abs((await tab.boundingBox())!.y - before!.y)).toBeLessThan(2);
    for (let i = 0; i < 3; i++) await stage.complete(await stage.take());
    await page.locator(".summary b:text-is('4')").waitFor();
    expect(await page.title()).toBe("1 % Job · JiggaBlend");
    expect(visit.complaints()).toEqual([]);
  }, 30_000);

  test("does what its buttons say without leaving the page, and tells errors in words", async () => {
    const id = addJob("1-4");
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    await page.evaluate("window.same = true");
    await page.click("button:text-is('Pause')");
    await page.locator("button:text-is('Resume')").waitFor();
    expect(await page.evaluate("window.same")).toBe(true);
    await cancelJob(stage.farm, id);
    await page.click("button:text-is('Resume')");
    await page.locator("#toast:has-text('cannot be resumed')").waitFor();
    expect(visit.complaints("409")).toEqual([]);
  }, 30_000);

  test("is canceled without leaving the page, which stays where it was", async () => {
    const id = addJob("1-400");
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    await page.click("#job-log summary");
    await page.evaluate("window.same = true");
    await page.click("#cancel summary");
    await page.click("#cancel button");
    await page.locator('.summary .badge:text-is("Canceled")').waitFor();
    expect(await page.evaluate("window.same")).toBe(true);
    expect(await page.locator("#cancel, #job-log[open]").count()).toBe(0);
    expect(visit.complaints()).toEqual([]);
  }, 60_000);

  test("leads to sign-in when the session is over, and back", async () => {
    const id = addJob("1-4");
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    stage.farm.db.run("DELETE FROM sessions");
    await page.waitForURL(`**/login?next=%2Fjobs%2F${id}`);
    await stage.signIn(page);
    expect(new URL(page.url()).pathname).toBe(`/jobs/${id}`);
    expect(visit.complaints("401")).toEqual([]);
  }, 30_000);

  test("tells times in the reader's own zone, also in what is swapped in", async () => {
    const id = addJob("1-4");
    visit = await stage.open(`/jobs/${id}`, { timezoneId: "Asia/Tokyo", locale: "en-GB" });
    const { page } = visit;
    const made = page.locator(".panel:has(#job-heading) dd time").first();
    expect(await made.getAttribute("datetime")).toBe("2026-01-01T00:00:00.000Z");
    expect(await made.textContent()).toContain("09:00");
    await page.click("button:text-is('Pause')");
    await page.locator("button:text-is('Resume')").waitFor();
    expect(await made.textContent()).toContain("09:00");
    expect(visit.complaints()).toEqual([]);
  }, 30_000);
});

describe("while the manager is down", () => {
  const DOWN = "#banner:has-text('does not answer')";
  const isGone = () => visit.page.locator("#banner:empty").waitFor({ state: "attached" });

  test.each(["dark", "light"] as const)(
    "a banner says so wherever one has scrolled to, moves nothing, and goes by itself (%s)",
    async (colorScheme) => {
      const id = addJob("1-400");
      visit = await stage.open(`/jobs/${id}`, { colorScheme });
      const { page } = visit;
      await page.evaluate("scrollTo(0, document.body.scrollHeight)");
      const places = () =>
        page.evaluate<number[]>(
          "[scrollY, ...['#tasks', '.top'].map((s) => document.querySelector(s).getBoundingClientRect().y)]",
        );
      const before = await places();
      await page.context().setOffline(true);
      await page.locator(DOWN).waitFor();
      const top = (await page.locator(".top").boundingBox())!;
      const banner = (await page.locator(DOWN).boundingBox())!;
      expect([banner.x, banner.y, banner.width]).toEqual([0, top.y + top.height, top.width]);
      expect(banner.height).toBeLessThan(60);
      expect(await page.locator(DOWN).getAttribute("role")).toBe("status");
      expect(await places()).toEqual(before);
      await expectAccessible(page);
      await page.context().setOffline(false);
      await isGone();
      expect(await places()).toEqual(before);
      await stage.complete(await stage.take());
      await page.locator(".summary b:text-is('1')").waitFor();
      expect(visit.complaints("ERR_INTERNET_DISCONNECTED", "Failed to fetch")).toEqual([]);
    },
    60_000,
  );

  test("a page that polls nothing says so when something is tried, and looks by itself whether it is back", async () => {
    const id = addJob("1-4");
    await cancelJob(stage.farm, id);
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    await page.context().setOffline(true);
    await page.click("button:text-is('Retry')");
    await page.locator(DOWN).waitFor();
    await page.context().setOffline(false);
    await isGone();
    await page.click("button:text-is('Retry')");
    await page.locator('.summary .badge:text-is("Queued")').waitFor();
    expect(visit.complaints("ERR_INTERNET_DISCONNECTED", "Failed to fetch")).toEqual([]);
  }, 60_000);

  test("the page of a proxy that speaks in its place is not shown, the banner is", async () => {
    const id = addJob("1-4");
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    const answer = { status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" };
    await page.route(/jobs|healthz/, (route) => route.fulfill(answer));
    await page.locator(DOWN).waitFor();
    expect(await page.textContent("h1")).toBe("Job");
    await page.unroute(/jobs|healthz/);
    await isGone();
    expect(visit.complaints("502")).toEqual([]);
  }, 60_000);
});
