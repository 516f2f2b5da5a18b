import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { endTask } from "#manager/services/completing.ts";
import { cancelJob } from "#manager/services/job-control.ts";
import type { GrantedTask } from "#manager/services/leasing.ts";
import { writeTaskLog } from "#manager/services/task-logs.ts";
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

describe("the log on the page of a job", () => {
  /** What a task says, piece by piece. */
  function speaker({ task: { id: taskId, attempt, runnerId } }: GrantedTask) {
    const runner = stage.farm.runners.get(runnerId!)!;
    let offset = 0;
    return async (text: string) => {
      offset = await writeTaskLog(stage.farm, runner, { taskId, attempt, offset, piece: Buffer.from(text) });
    };
  }
  const leftBelow = () =>
    visit.page.evaluate(
      "((log) => log.scrollHeight - log.scrollTop - log.clientHeight)(document.querySelector('.log'))",
    );
  const isSaid = (text: string) => visit.page.locator(`.log:has-text('${text}')`).waitFor();

  test("follows one task after the other, and leaves its reader where they are", async () => {
    const id = addJob("1-3");
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    await page.locator(".job-log .nothing").waitFor();
    const first = await stage.take();
    const sayFirst = speaker(first);
    await sayFirst("first line\n".repeat(100));
    await isSaid("Frame 1 on box");
    expect(await leftBelow()).toBeLessThan(2);
    await sayFirst("<b>more</b>\n");
    await isSaid("<b>more</b>");
    expect(await leftBelow()).toBeLessThan(2);

    await page.evaluate(
      "document.querySelector('.log').scrollTo(0, 300), getSelection().selectAllChildren(document.querySelector('.log-title'))",
    );
    await stage.complete(first);
    const second = await stage.take();
    const saySecond = speaker(second);
    await saySecond("second line\n".repeat(100));
    await isSaid("second line");
    expect(await page.evaluate("[document.querySelector('.log').scrollTop, String(getSelection())]")).toEqual([
      300,
      "Frame 1 on box",
    ]);
    await page.click(".job-log .to-end");
    expect(await leftBelow()).toBeLessThan(2);
    await stage.complete(second);
    await page.locator(".summary b:text-is('2')").waitFor();
    expect(await leftBelow()).toBeLessThan(2);
    expect(await page.locator(".log b").count()).toBe(0);
    await expectAccessible(page);
    expect(visit.complaints()).toEqual([]);
  }, 90_000);

  test("asks for nothing while it is folded away, stays so, and catches up when it is opened", async () => {
    const id = addJob("1-2");
    const granted = await stage.take();
    const say = speaker(granted);
    await say("one\n");
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    await isSaid("one");
    await page.click("#job-log summary");
    const asked: string[] = [];
    page.on("request", (request) => void (request.url().includes("/log") && asked.push(request.url())));
    await say("two\n");
    await stage.complete(await stage.take());
    await page.locator(".summary b:text-is('1')").waitFor();
    await page.waitForResponse((answer) => answer.status() === 304);
    expect(asked).toEqual([]);
    expect(await page.locator("#job-log[open]").count()).toBe(0);
    await page.click("#job-log summary");
    await isSaid("two");
    expect(visit.complaints()).toEqual([]);
  }, 90_000);

  test("is over with the job, and goes on when it is retried", async () => {
    const id = addJob("1-2");
    const say = speaker(await stage.take());
    await say("one\n");
    visit = await stage.open(`/jobs/${id}`);
    const { page } = visit;
    await cancelJob(stage.farm, id);
    await page.locator('.summary .badge:text-is("Canceled")').waitFor();
    await page.locator(".log-tail[hx-trigger=news]").waitFor({ state: "attached" });
    const asked: string[] = [];
    page.on("request", (request) => void asked.push(request.url()));
    await page.waitForTimeout(2500); // longer than a poller would wait
    expect(asked).toEqual([]);
    await page.click("button:text-is('Retry')");
    await page.locator('.summary .badge:text-is("Queued")').waitFor();
    await speaker(await stage.take())("once more\n");
    await isSaid("once more");
    expect(visit.complaints()).toEqual([]);
  }, 90_000);

  test("is that of the task that is chosen, of its next attempt when it is tried again, and stays so when a button is pressed", async () => {
    const id = addJob("1-400");
    const first = await stage.take();
    await speaker(first)("one\n");
    const path = `/jobs/${id}?frames=2&log=${first.task.id}`;
    visit = await stage.open(path);
    const { page } = visit;
    await isSaid("one");
    await page.click("button:text-is('Pause')");
    await page.click("button:text-is('Resume')");
    await page.locator("button:text-is('Pause')").waitFor();
    expect(await page.locator("#poll").getAttribute("hx-get")).toBe(path);
    const { id: taskId, attempt, runnerId } = first.task;
    const end = { kind: "givenBack" } as const;
    await endTask(stage.farm, stage.farm.runners.get(runnerId!)!, { taskId, attempt, warnings: [], end });
    const again = await stage.take();
    expect(again.task.id).toBe(taskId);
    await speaker(again)("two\n");
    await isSaid("two");
    expect(await page.locator(".log:has-text('one')").count()).toBe(0);
    await page.goto(`${stage.url}/jobs/${id}/tasks/${taskId}?attempt=1`);
    await isSaid("one");
    expect(visit.complaints()).toEqual([]);
  }, 90_000);

  test("is there without a script, with a link to all of it", async () => {
    const id = addJob("1-2");
    const { task } = await stage.take();
    await speaker({ task } as GrantedTask)("said\n");
    visit = await stage.open(`/jobs/${id}`, { javaScriptEnabled: false });
    await isSaid("said");
    await visit.page.click(".log-title a");
    expect(new URL(visit.page.url()).pathname).toBe(`/jobs/${id}/tasks/${task.id}`);
    await isSaid("said");
  }, 60_000);
});

test("the page of a task turns to the log of its next attempt by itself", async () => {
  const id = addJob("5");
  const first = await stage.take();
  const { id: taskId, attempt, runnerId } = first.task;
  const runner = stage.farm.runners.get(runnerId!)!;
  visit = await stage.open(`/jobs/${id}/tasks/${taskId}`);
  await visit.page.locator("h2:text-is('Log of attempt 1')").waitFor();
  await endTask(stage.farm, runner, { taskId, attempt, warnings: [], end: { kind: "givenBack" } });
  await stage.take();
  await writeTaskLog(stage.farm, runner, { taskId, attempt: 2, offset: 0, piece: Buffer.from("once more") });
  await visit.page.locator("h2:text-is('Log of attempt 2')").waitFor();
  await visit.page.locator(".log:has-text('once more')").waitFor();
  expect(visit.complaints()).toEqual([]);
}, 60_000);

test("a log follows itself as text while its reader is at its end, until the attempt is over", async () => {
  const id = addJob("5");
  const granted = await stage.take();
  const { id: taskId, attempt, runnerId } = granted.task;
  const runner = stage.farm.runners.get(runnerId!)!;
  let offset = 0;
  const say = async (text: string) => {
    offset = await writeTaskLog(stage.farm, runner, { taskId, attempt, offset, piece: Buffer.from(text) });
  };
  await say("first line\n".repeat(200));
  visit = await stage.open(`/jobs/${id}/tasks/${taskId}`);
  const { page } = visit;
  const leftBelow = () =>
    page.evaluate("((log) => log.scrollHeight - log.scrollTop - log.clientHeight)(document.querySelector('.log'))");
  expect(await leftBelow()).toBeLessThan(2);
  await say("<b>later</b>\n");
  await page.locator(".log:has-text('<b>later</b>')").waitFor();
  expect(await leftBelow()).toBeLessThan(2);
  await page.evaluate("document.querySelector('.log').scrollTo(0, 0)");
  await say("last\n");
  await page.locator(".log:has-text('last')").waitFor();
  expect(await page.evaluate("document.querySelector('.log').scrollTop")).toBe(0);
  await stage.complete(granted);
  await page.locator('.standing .badge:text-is("Completed")').waitFor();
  await page.locator(".log-tail").waitFor({ state: "detached" });
  expect(await page.locator(".log b").count()).toBe(0);
  expect(visit.complaints()).toEqual([]);
}, 30_000);
