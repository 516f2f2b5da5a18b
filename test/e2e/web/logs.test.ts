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

/** What a task says, piece by piece. */
function speaker({ task: { id: taskId, attempt, runnerId } }: GrantedTask) {
  const runner = stage.farm.runners.get(runnerId!)!;
  let offset = 0;
  return async (text: string) => {
    offset = await writeTaskLog(stage.farm, runner, { taskId, attempt, offset, piece: Buffer.from(text) });
  };
}
const leftBelow = () =>
  visit.page.evaluate("((log) => log.scrollHeight - log.scrollTop - log.clientHeight)(document.querySelector('.log'))");
const isSaid = (text: string) => visit.page.locator(`.log:has-text('${text}')`).waitFor();

describe("the log on the page of a job", () => {
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
  const say = speaker(granted);
  await say("first line\n".repeat(200));
  visit = await stage.open(`/jobs/${id}/tasks/${granted.task.id}`);
  const { page } = visit;
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
