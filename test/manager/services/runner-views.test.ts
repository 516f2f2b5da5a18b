import { afterEach, beforeEach, expect, test } from "bun:test";
import type { User } from "#domain/user.ts";
import { addRunnerFrames } from "#manager/db/runners.ts";
import { getUser } from "#manager/db/users.ts";
import { runnerFor, runnersFor } from "#manager/services/runner-views.ts";
import { addTestRunner, addTestUser, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";

let farm: MemoryFarm;
let admin: User;

beforeEach(async () => {
  farm = await memoryFarm();
  admin = getUser(farm.db, addTestUser(farm, "ada@farm", true))!;
});
afterEach(() => farm[Symbol.asyncDispose]());

test("a runner's frames are those that it has filed by now, not those of its registration", async () => {
  const box = await addTestRunner(farm, "box");
  await addTestRunner(farm, "other");
  expect(runnerFor(farm, admin, box.id).framesDone).toBe(0);
  addRunnerFrames(farm.db, box.id, 1);
  addRunnerFrames(farm.db, box.id, 1);
  expect(runnerFor(farm, admin, box.id).framesDone).toBe(2);
  expect(runnersFor(farm, admin).map(({ name, framesDone }) => [name, framesDone])).toEqual([
    ["box", 2],
    ["other", 0],
  ]);
});

test("frames are counted on when the runner registers again", async () => {
  const box = await addTestRunner(farm, "box");
  addRunnerFrames(farm.db, box.id, 3);
  await addTestRunner(farm, "box", { instanceId: "the next process" });
  addRunnerFrames(farm.db, box.id, 1);
  expect(runnerFor(farm, admin, box.id).framesDone).toBe(4);
});
