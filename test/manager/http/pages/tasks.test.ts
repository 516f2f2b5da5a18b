import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { endTask } from "#manager/services/completing.ts";
import { askForTasks, type GrantedTask } from "#manager/services/leasing.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { writeTaskLog } from "#manager/services/task-logs.ts";
import { addQueuedJob, addTestRunner, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { attributeOf, find, textOf } from "../../../web/support/parse.ts";
import { signedIn, type Visitor } from "./support/visitor.ts";

let farm: MemoryFarm;
let ann: Visitor;
let runner: LiveRunner;
let granted: GrantedTask;
let url: string;

beforeAll(async () => {
  farm = await memoryFarm();
  ann = await signedIn(farm, "ann@x");
  runner = await addTestRunner(farm, "box");
  const id = addQueuedJob(farm, { userId: ann.id, frames: "12" });
  const abort = new AbortController().signal;
  [granted] = (await askForTasks(farm, runner, { slots: 1, holding: [], waitMs: 0, abort })) as [GrantedTask];
  url = `/jobs/${id}/tasks/${granted.task.id}`;
});
afterAll(() => farm[Symbol.asyncDispose]());

const say = (text: string, offset: number) =>
  writeTaskLog(farm, runner, { taskId: granted.task.id, attempt: 1, offset, piece: Buffer.from(text) });
const tail = (page: string) => attributeOf(find(page, "span", { class: "log-tail" })[0], "hx-get");

describe("the log of a task", () => {
  test("is empty at first, and asks for more", async () => {
    const { page } = await ann.get(url);
    expect(textOf(page)).toContain("Frame 12");
    expect(tail(page)).toBe(`${url}/log?attempt=1&after=0`);
  });

  test("answers nothing while nothing is said", async () => {
    const visit = await ann.poll(`${url}/log?attempt=1&after=0`);
    expect([visit.status, visit.page]).toEqual([204, ""]);
  });

  test("goes on from where it was, as text", async () => {
    await say("Fra:12 <b>\n", 0);
    const visit = await ann.poll(`${url}/log?attempt=1&after=0`);
    expect(visit.page).toStartWith("Fra:12 &lt;b&gt;\n<span");
    expect(tail(visit.page)).toBe(`${url}/log?attempt=1&after=11`);
    await say("Saved\n", 11);
    expect((await ann.poll(`${url}/log?attempt=1&after=11`)).page).toStartWith("Saved\n<span");
  });

  test("can be read on without a script", async () => {
    const { page } = await ann.get(url);
    expect(find(page, "a", { href: `${url}?attempt=1&after=17#log` })).toHaveLength(1);
    expect(textOf(page)).toContain("Fra:12 <b> Saved");
  });

  test("is at its end once the attempt is over and all is read, and asks no more", async () => {
    const { taskId, attempt } = { taskId: granted.task.id, attempt: 1 };
    const end = { kind: "failed", reason: "blender_crashed", message: "It crashed." } as const;
    await endTask(farm, runner, { taskId, attempt, warnings: [], end });
    expect(tail((await ann.poll(`${url}/log?attempt=1&after=11`)).page)).toBe(`${url}/log?attempt=1&after=17`);
    const last = await ann.poll(`${url}/log?attempt=1&after=17`);
    expect([last.status, last.page]).toEqual([200, ""]);
  });

  test("of an attempt that never was is not there", async () => {
    const visit = await ann.poll(`${url}/log?attempt=9`);
    expect(visit.status).toBe(204);
  });
});

test("a task shows its attempts, with why they failed and what to do", async () => {
  const { page } = await ann.get(url);
  expect(textOf(page)).toMatch(/Attempt 1 box Failed .* Blender crashed It crashed\./);
  expect(find(page, "a", { href: `${url}?attempt=1#log` })).toHaveLength(1);
});

test("a task of another job is not found", async () => {
  addQueuedJob(farm, { userId: ann.id });
  expect((await ann.get(`/jobs/2/tasks/${granted.task.id}`)).status).toBe(404);
});
