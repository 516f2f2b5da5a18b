import { afterEach, beforeEach, expect, test } from "bun:test";
import type { User } from "#domain/user.ts";
import { getUser } from "#manager/db/users.ts";
import { createWatcher, MAX_SUBSCRIBED_JOBS } from "#manager/http/api/watcher.ts";
import { cancelJob, purgeJob } from "#manager/services/job-control.ts";
import { mustGetJob } from "#manager/services/jobs.ts";
import { askForTasks } from "#manager/services/leasing.ts";
import { addQueuedJob, addTestRunner, addTestUser, memoryFarm, type MemoryFarm } from "../../../support/memory-farm.ts";

type Message = Record<string, unknown> & { type: string };

let farm: MemoryFarm;
let ann: User;
let ben: User;
let admin: User;

beforeEach(async () => {
  farm = await memoryFarm();
  ann = getUser(farm.db, addTestUser(farm, "ann@x"))!;
  ben = getUser(farm.db, addTestUser(farm, "ben@x"))!;
  admin = getUser(farm.db, addTestUser(farm, "admin@x", true))!;
});
afterEach(() => farm[Symbol.asyncDispose]());

/** A watcher whose other side takes everything, until `waiting` is set. */
function watch(user: User) {
  const said: Message[] = [];
  const ended: string[] = [];
  const line = { waiting: 0 };
  const wire = {
    send: (text: string) => void said.push(JSON.parse(text) as Message),
    waitingBytes: () => line.waiting,
    close: (code: number) => void ended.push(String(code)),
    drop: (why: string) => void ended.push(why),
  };
  const watcher = createWatcher(farm, wire, user);
  farm.events.listen(watcher.pump);
  return { watcher, said, ended, line, types: () => said.map(({ type }) => type) };
}

const lease = async () => {
  const runner = await addTestRunner(farm, "r");
  await askForTasks(farm, runner, { slots: 1, holding: [], waitMs: 0, abort: new AbortController().signal });
};

test("who subscribes to a job hears of it and of its tasks, and of no other job", async () => {
  const [one, two] = [addQueuedJob(farm, { userId: ann.id }), addQueuedJob(farm, { userId: ann.id })];
  const { watcher, said } = watch(ann);
  watcher.hear({ subscribe: [one] });
  await lease();
  await cancelJob(farm, two);
  expect(said.map(({ type, jobId }) => [type, jobId])).toEqual([
    ["subscribed", undefined],
    ["task", one],
    ["job", one],
  ]);
  expect(said[1]!["task"]).toMatchObject({ status: "leased", attempt: 1, runner: { name: "r" } });
  expect(said[2]!["job"]).toMatchObject({ status: "running", name: "Job" });
});

test("all jobs are one's own, and for an admin everybody's", async () => {
  const [own, others] = [addQueuedJob(farm, { userId: ann.id }), addQueuedJob(farm, { userId: ben.id })];
  const [a, b] = [watch(ann), watch(admin)];
  for (const { watcher } of [a, b]) watcher.hear({ subscribe: "all" });
  await cancelJob(farm, own);
  await cancelJob(farm, others);
  const jobs = (messages: Message[]) => messages.filter(({ type }) => type === "job").map(({ jobId }) => jobId);
  expect(jobs(a.said)).toEqual([own]);
  expect(jobs(b.said)).toEqual([own, others]);
});

test("a job that is deleted is told of as gone", async () => {
  const id = addQueuedJob(farm, { userId: ann.id });
  await cancelJob(farm, id);
  const { watcher, said } = watch(ann);
  watcher.hear({ subscribe: "all" });
  await purgeJob(farm, mustGetJob(farm, id));
  expect(said.at(-1)).toMatchObject({ type: "job", jobId: id, job: null });
});

test("who comes back with the last number misses nothing", async () => {
  const id = addQueuedJob(farm, { userId: ann.id });
  const since = farm.events.latest();
  await lease();
  const { watcher, said, types } = watch(ann);
  watcher.hear({ subscribe: [id], since });
  expect(types()).toEqual(["subscribed", "task", "job"]);
  expect(said[0]!["seq"]).toBe(since);
});

test("who comes back too late, or after a restart of the manager, is told to reload", () => {
  const { watcher, types } = watch(ann);
  watcher.hear({ subscribe: "all", since: 12 });
  expect(types()).toEqual(["subscribed", "reload"]);
});

test.each([
  ["no message", null, "bad_request"],
  ["a number", 5, "bad_request"],
  ["no list", { subscribe: "some" }, "bad_request"],
  ["a list of names", { subscribe: ["1"] }, "bad_request"],
  ["a since that is no number", { subscribe: "all", since: "1" }, "bad_request"],
  ["too many jobs", { subscribe: Array(MAX_SUBSCRIBED_JOBS + 1).fill(1) }, "bad_request"],
  ["a job that is not there", { subscribe: [4711] }, "not_found"],
])("%s is answered with an error and changes nothing", (_, message, code) => {
  const id = addQueuedJob(farm, { userId: ann.id });
  const { watcher, said, types } = watch(ann);
  watcher.hear({ subscribe: [id] });
  watcher.hear(message);
  expect(said.at(-1)).toMatchObject({ type: "error", code });
  farm.events.publish({ type: "job", jobId: id }, ann.id);
  expect(types()).toEqual(["subscribed", "error", "job"]);
});

test("a job of somebody else does not exist", () => {
  const { watcher, said } = watch(ann);
  watcher.hear({ subscribe: [addQueuedJob(farm, { userId: ben.id })] });
  expect(said).toMatchObject([{ type: "error", code: "not_found" }]);
});

test("nothing more is sent while the other side takes nothing, and all of it when it does again", () => {
  const ids = [1, 2, 3].map(() => addQueuedJob(farm, { userId: ann.id }));
  const { watcher, said, line } = watch(ann);
  watcher.hear({ subscribe: "all" });
  line.waiting = 1e9;
  for (const jobId of ids) farm.events.publish({ type: "job", jobId }, ann.id);
  expect(said).toHaveLength(1);
  line.waiting = 0;
  watcher.pump();
  expect(said.slice(1).map(({ jobId }) => jobId)).toEqual(ids);
});

test("one that takes nothing from one look to the next is dropped, and one whom history has left behind too", () => {
  const stuck = watch(ann);
  stuck.watcher.hear({ subscribe: "all" });
  stuck.line.waiting = 1e9;
  stuck.watcher.look(ann);
  expect(stuck.ended).toEqual([]);
  stuck.watcher.look(ann);
  expect(stuck.ended).toEqual(["it takes nothing"]);

  const late = watch(ann);
  late.watcher.hear({ subscribe: "all" });
  late.line.waiting = 1e9;
  for (let i = 0; i < 20_000; i++) farm.events.publish({ type: "job", jobId: 1 }, ben.id);
  late.line.waiting = 0;
  late.watcher.pump();
  expect(late.ended).toEqual(["it was too slow"]);
});

test("one that asks on and on and takes no answer is dropped", () => {
  const { watcher, said, ended, line } = watch(ann);
  line.waiting = 1e6;
  watcher.hear({ subscribe: "all" });
  watcher.hear("nonsense");
  expect([said, ended]).toEqual([[], ["it takes no answers", "it takes no answers"]]);
});

test("a flood of messages ends the socket", () => {
  const { watcher, ended } = watch(ann);
  for (let i = 0; i <= 100; i++) watcher.hear({ subscribe: "all" });
  expect(ended).toEqual(["1008"]);
});
