import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openDatabase } from "#manager/db/open.ts";
import { listRunners } from "#manager/db/runners.ts";
import { getTask } from "#manager/db/tasks.ts";
import { createCatchUp } from "#manager/services/catching-up.ts";
import type { Office } from "#manager/services/farm.ts";
import { addKey, removeKey } from "#manager/services/keys.ts";
import { askForTasks } from "#manager/services/leasing.ts";
import { changeAccount } from "#manager/services/managing-users.ts";
import { removeUser } from "#manager/services/removing-users.ts";
import { revokeKey } from "#manager/services/revoking-keys.ts";
import type { LiveRunner } from "#manager/services/runner-table.ts";
import { callingRunner, heartbeat } from "#manager/services/runners.ts";
import { addQueuedJob, addTestRunner, addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

let farm: MemoryFarm;
/** The command line: another process, here another connection. */
let office: Office & Disposable;
let annId: number;

beforeEach(async () => {
  farm = await memoryFarm();
  addTestUser(farm, "admin@example.com", true);
  annId = addTestUser(farm, "ann@example.com");
  const db = openDatabase(farm.db.filename);
  office = { db, clock: farm.clock, [Symbol.dispose]: () => db.close(false) };
});
afterEach(async () => {
  office[Symbol.dispose]();
  await farm[Symbol.asyncDispose]();
});

/** A runner with a key of its own; `ownerId` makes it one of a user. */
async function runnerWithKey(name: string, ownerId: number | null = null): Promise<LiveRunner & { keyId: number }> {
  const scope = ownerId === null ? "manager" : "user";
  addKey(farm, { name, scope, userEmail: ownerId === null ? null : "ann@example.com" });
  const keyId = (farm.db.query("SELECT max(id) AS id FROM api_keys").get() as { id: number }).id;
  const runner = await addTestRunner(farm, name, ownerId === null ? {} : { ownerId });
  return Object.assign(runner, { keyId });
}

const ask = (runner: LiveRunner, waitMs = 0) =>
  askForTasks(farm, runner, { slots: 1, holding: [], waitMs, abort: new AbortController().signal });

describe("a key that is revoked", () => {
  test("gives the task of its running runner back at once, without a try lost, to another runner", async () => {
    addQueuedJob(farm, { frames: "1" });
    const runner = await runnerWithKey("one");
    const [granted] = await ask(runner);
    await revokeKey(farm, runner.keyId);
    expect(getTask(farm.db, granted!.task.id)).toMatchObject({ status: "queued", failures: 0, losses: 0 });
    expect([farm.leases.size(), listRunners(farm.db)[0]?.status]).toEqual([0, "offline"]);
    const [again] = await ask(await runnerWithKey("two"));
    expect(again?.task).toMatchObject({ id: granted!.task.id, attempt: 2 });
  });

  test("tells a runner that beats on to abandon its task, where it should still be heard", async () => {
    addQueuedJob(farm, { frames: "1" });
    const runner = await runnerWithKey("one");
    const [granted] = await ask(runner);
    await revokeKey(farm, runner.keyId);
    const { id, attempt } = granted!.task;
    const tasks = [{ id, attempt, progress: null }];
    expect((await heartbeat(farm, farm.runners.get(runner.id)!, { tasks, draining: false })).abandon).toHaveLength(1);
  });

  test("ends the runner's open wait for work, which gets none", async () => {
    const runner = await runnerWithKey("one");
    const waiting = ask(runner, 30_000).catch((error: unknown) => error);
    await revokeKey(farm, runner.keyId);
    addQueuedJob(farm, { frames: "1" });
    expect(await waiting).toMatchObject({ code: "unauthorized" });
    expect(farm.leases.size()).toBe(0);
  });

  test("leaves the runners of other keys alone", async () => {
    addQueuedJob(farm, { frames: "1-2" });
    const [one, two] = [await runnerWithKey("one"), await runnerWithKey("two")];
    await ask(one);
    await ask(two);
    await revokeKey(farm, one.keyId);
    expect(farm.leases.ofRunner(two.id)).toHaveLength(1);
    expect(farm.runners.get(two.id)?.status).toBe("online");
  });

  test("of a runner that goes on with another key ends nothing", async () => {
    addQueuedJob(farm, { frames: "1" });
    const runner = await runnerWithKey("one");
    const { keyId } = await runnerWithKey("two");
    await ask(runner);
    const before = runner.keyId;
    callingRunner(farm, { keyId, ownerId: null }, { runnerId: runner.id, instanceId: runner.instanceId });
    await revokeKey(farm, before);
    expect(farm.leases.size()).toBe(1);
  });
});

test("a newer process of a runner ends the older one's open wait for work", async () => {
  const older = await addTestRunner(farm, "one", { instanceId: "older-process" });
  const waiting = ask(older, 30_000).catch((error: unknown) => error);
  await addTestRunner(farm, "one", { instanceId: "newer-process" });
  expect(await waiting).toMatchObject({ code: "superseded" });
});

test("a user who is disabled loses the runners' work too", async () => {
  addQueuedJob(farm, { frames: "1", userId: annId });
  await ask(await runnerWithKey("one", annId));
  await changeAccount(farm, annId, { disabled: true });
  expect(farm.leases.size()).toBe(0);
});

describe("what the command line does beside a manager that runs", () => {
  test("is heard when something has changed, and only then", async () => {
    const catchUp = createCatchUp(farm);
    const before = farm.work.count();
    addTestUser(farm, "ben@example.com");
    await catchUp();
    expect(farm.work.count()).toBe(before);
  });

  test("revokes a key: its runner's task goes back", async () => {
    const catchUp = createCatchUp(farm);
    addQueuedJob(farm, { frames: "1" });
    const [granted] = await ask(await runnerWithKey("one"));
    removeKey(office, "one");
    await catchUp();
    expect(getTask(farm.db, granted!.task.id)?.status).toBe("queued");
  });

  test("removes a user: jobs end, and the user's runners are gone", async () => {
    const catchUp = createCatchUp(farm);
    addQueuedJob(farm, { frames: "1-3", userId: annId });
    const runner = await runnerWithKey("one", annId);
    const [granted] = await ask(runner);
    removeUser(office, "ann@example.com");
    await catchUp();
    expect(getTask(farm.db, granted!.task.id)?.status).toBe("canceled");
    expect([farm.leases.size(), farm.runners.get(runner.id)]).toEqual([0, null]);
    expect(await ask(await runnerWithKey("two"))).toEqual([]);
  });
});
