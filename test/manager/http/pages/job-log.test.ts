import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { insertFrame } from "#manager/db/outputs.ts";
import { endTask, type TaskEnd } from "#manager/services/completing.ts";
import { cancelJob, retryJob } from "#manager/services/job-control.ts";
import { askForTasks, type GrantedTask } from "#manager/services/leasing.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { writeTaskLog } from "#manager/services/task-logs.ts";
import { addQueuedJob, addTestRunner, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";
import { attributeOf, find, textOf } from "../../../web/support/parse.ts";
import { signedIn, type Visitor } from "./support/visitor.ts";

let farm: MemoryFarm;
let ann: Visitor;
let runner: LiveRunner;
let job: number;

beforeEach(async () => {
  farm = await memoryFarm();
  ann = await signedIn(farm, "ann@x");
  runner = await addTestRunner(farm, "box");
  job = addQueuedJob(farm, { userId: ann.id, frames: "1-3" });
});
afterEach(() => farm[Symbol.asyncDispose]());

async function take(): Promise<GrantedTask> {
  farm.clock.advance(1);
  const holding = farm.leases.ofRunner(runner.id).map(({ taskId, attempt }) => ({ id: taskId, attempt }));
  const abort = new AbortController().signal;
  const [granted] = await askForTasks(farm, runner, { slots: 1, holding, waitMs: 0, abort });
  return granted!;
}

async function say({ task: { id: taskId, attempt } }: GrantedTask, text: string, offset = 0): Promise<void> {
  await writeTaskLog(farm, runner, { taskId, attempt, offset, piece: Buffer.from(text) });
}

async function end(
  { task: { id: taskId, attempt }, frames }: GrantedTask,
  how: TaskEnd["end"] = { kind: "completed" },
) {
  farm.clock.advance(1);
  const frame = Number(frames);
  const file = { jobId: job, name: `frame_000${frame}.exr`, frame, parts: 1, size: 1, sha256: "00", createdAtMs: 0 };
  if (how.kind === "completed") insertFrame(farm.db, file);
  await endTask(farm, runner, { taskId, attempt, warnings: [], end: how });
}

const tailOf = (page: string) => {
  const tail = find(page, "span", { class: "log-tail" })[0];
  return { url: attributeOf(tail, "hx-get")!, on: attributeOf(tail, "hx-trigger")! };
};
const logIn = (page: string) => textOf(/<pre class="log".*?<\/pre>/s.exec(page)?.[0] ?? "");
const open = async (query = "") => (await ann.get(`/jobs/${job}${query}`)).page;
const follow = (page: string) => ann.poll(tailOf(page).url);

describe("the log on the page of a job", () => {
  test("waits for news as long as no runner is at work", async () => {
    const page = await open();
    expect(tailOf(page)).toEqual({ url: `/jobs/${job}/log?waits=true`, on: "news" });
    expect((await follow(page)).status).toBe(204);
    const granted = await take();
    await say(granted, "Blender 4.5\n");
    const { page: begun } = await follow(page);
    expect(textOf(begun)).toBe("Frame 1 on box Blender 4.5");
    expect(find(begun, "a", { href: `/jobs/${job}/tasks/${granted.task.id}?attempt=1#log` })).toHaveLength(1);
    expect(tailOf(begun)).toEqual({
      url: `/jobs/${job}/log?task=${granted.task.id}&attempt=1&after=12`,
      on: "every 1s",
    });
    expect((await follow(begun)).status).toBe(204);
  });

  test("goes on with the task that began last when the one before has said all", async () => {
    const [first, second] = [await take(), await take()];
    await say(first, "the first\n");
    await say(second, "the second\n");
    const page = await open();
    expect(logIn(page)).toBe("Frame 2 on box the second");
    await say(second, "bye\n", 11);
    await end(second);
    const rest = await follow(page);
    expect(textOf(rest.page)).toBe("bye");
    expect(textOf((await follow(rest.page)).page)).toBe("Frame 1 on box the first");
  });

  test("shows the last lines of a long log, whole ones, and says that there is more", async () => {
    const granted = await take();
    await say(granted, Array.from({ length: 5000 }, (_, line) => `line ${line}`).join("\n"));
    const log = logIn(await open());
    expect(log).toMatch(/^Frame 1 on box … line \d+ line /);
    expect(log).toEndWith("line 4999");
    expect(log.length).toBeLessThan(8300);
  });

  test("skips what was said while nobody looked for long", async () => {
    const granted = await take();
    await say(granted, "first\n");
    const page = await open();
    await say(granted, "and so on\n".repeat(20_000), 6);
    const { page: more } = await follow(page);
    expect(textOf(more)).toStartWith("… and so on");
    expect(more.length).toBeLessThan(66_000);
  });

  test("asks no more once the job is over, until it is retried", async () => {
    const granted = await take();
    await say(granted, "that was it\n");
    const page = await open();
    await cancelJob(farm, job);
    const { page: over } = await follow(page);
    expect(tailOf(over).on).toBe("news");
    expect((await follow(over)).status).toBe(204);
    const late = await open();
    expect([logIn(late), tailOf(late).on]).toEqual(["Frame 1 on box that was it", "news"]);
    await retryJob(farm, job);
    await say(await take(), "once more\n");
    expect(textOf((await follow(over)).page)).toBe("Frame 1 on box once more");
  });

  test("is that of the last failed task of a job that has failed", async () => {
    for (let tries = 0; tries < 3; tries++) {
      const granted = await take();
      await say(granted, `crash ${tries}\n`);
      await end(granted, { kind: "failed", reason: "no_camera", message: "No camera." });
      if (!farm.leases.size()) break;
    }
    expect(logIn(await open())).toBe("Frame 1 on box crash 0");
  });

  test("is that of one task where it is chosen among several", async () => {
    const [first, second] = [await take(), await take()];
    await say(first, "the first\n");
    const page = await open("?frames=1");
    const choices = find(page, "nav", { "aria-label": "Whose log" });
    expect(choices).toHaveLength(1);
    const url = `/jobs/${job}?frames=1&log=${first.task.id}`;
    expect(find(page, "a", { href: `${url}#job-log` })).toHaveLength(1);
    const { page: chosen } = await ann.get(url);
    expect(logIn(chosen)).toBe("Frame 1 on box the first");
    expect(tailOf(chosen).url).toBe(`/jobs/${job}/tasks/${first.task.id}/log?attempt=1&after=10`);
    expect(find(chosen, "a", { href: `/jobs/${job}?frames=1#job-log` })).toHaveLength(1);
    await end(first);
    expect(find((await ann.get(url)).page, "span", { class: "log-tail" })).toHaveLength(0);
    await end(second);
  });

  test("is not in what a poll answers, and changes no tag: an unchanged poll stays empty", async () => {
    const granted = await take();
    await say(granted, "Fra:1\n");
    const page = await open();
    await say(granted, "Fra:1 Sample 2\n", 6);
    const tag = attributeOf(find(page, "div", { id: "poll" })[0], "hx-ptag")!;
    expect((await ann.poll(`/jobs/${job}`, { "hx-ptag": tag })).status).toBe(304);
    expect((await ann.poll(`/jobs/${job}`)).page).not.toContain("Fra:1");
  });

  test("of another job, or of an attempt that never was, begins with what there is", async () => {
    const granted = await take();
    await say(granted, "Blender\n");
    expect(textOf((await ann.poll(`/jobs/${job}/log?task=${granted.task.id}&attempt=7&after=3`)).page)).toStartWith(
      "Frame 1 on box Blender",
    );
    const ben = await signedIn(farm, "ben@x");
    expect((await ben.poll(`/jobs/${job}/log`)).status).toBe(404);
    expect((await ann.get(`/jobs/${job}?log=999`)).status).toBe(404);
  });
});
