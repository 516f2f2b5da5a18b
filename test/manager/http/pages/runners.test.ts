import { expect, test } from "bun:test";
import { askForTasks } from "#manager/services/leasing.ts";
import { addQueuedJob, addTestRunner, memoryFarm } from "../../../support/memory-farm.ts";
import { find, textOf } from "../../../web/support/parse.ts";
import { signedIn } from "./support/visitor.ts";

test("people see their own runners, and an admin all", async () => {
  await using farm = await memoryFarm();
  const ann = await signedIn(farm, "ann@x");
  const admin = await signedIn(farm, "admin@x", true);
  await addTestRunner(farm, "everybodys");
  await addTestRunner(farm, "anns", { ownerId: ann.id });
  const rows = (page: string) => find(page, "tr").length - 1;
  expect([rows((await ann.get("/runners")).page), rows((await admin.get("/runners")).page)]).toEqual([1, 2]);
  expect(textOf((await ann.get("/runners")).page)).toContain("anns");
});

test("a runner shows what it does now", async () => {
  await using farm = await memoryFarm();
  const admin = await signedIn(farm, "admin@x", true);
  const runner = await addTestRunner(farm, "box");
  const job = addQueuedJob(farm, { userId: admin.id, frames: "12" });
  const [granted] = await askForTasks(farm, runner, {
    slots: 1,
    holding: [],
    waitMs: 0,
    abort: new AbortController().signal,
  });
  const { page } = await admin.get("/runners");
  expect(textOf(page)).toContain("Busy Job Frame 12");
  expect(find(page, "a", { href: `/jobs/${job}/tasks/${granted!.task.id}` })).toHaveLength(1);
});

test("who has no runner is told how to add one", async () => {
  await using farm = await memoryFarm();
  const ann = await signedIn(farm, "ann@x");
  expect(textOf((await ann.get("/runners")).page)).toContain("No runner of yours is here.");
});
