import { expect, test } from "bun:test";
import { createEvents, tellOf, type FarmEvents } from "#manager/services/events.ts";
import { addQueuedJob, addTestUser, fakeClock, memoryFarm } from "../../support/memory-farm.ts";

const job = (events: FarmEvents, jobId: number) => events.publish({ type: "job", jobId }, 1);

/** The jobs that all events after `seq` are about. */
function jobsAfter(events: FarmEvents, seq: number): number[] {
  const jobs: number[] = [];
  for (let event = events.next(seq); event; event = events.next(event.seq)) jobs.push(event.jobId);
  return jobs;
}

test("events are read in their order, from any that is still kept", () => {
  const events = createEvents(fakeClock());
  const start = events.latest();
  [1, 2, 3].forEach((id) => job(events, id));
  expect(jobsAfter(events, start)).toEqual([1, 2, 3]);
  expect(jobsAfter(events, start + 1)).toEqual([2, 3]);
  expect(events.next(events.latest())).toBeNull();
});

test("one that a newer one of the same thing has overtaken is passed over", () => {
  const events = createEvents(fakeClock());
  const start = events.latest();
  [1, 2, 1].forEach((id) => job(events, id));
  events.publish({ type: "log", jobId: 1, taskId: 1, attempt: 1, size: 10 }, 1);
  events.publish({ type: "log", jobId: 1, taskId: 1, attempt: 2, size: 5 }, 1);
  expect(jobsAfter(events, start)).toEqual([2, 1, 1, 1]);
});

test("no more than a fixed number is kept, and who is behind that is not served half", () => {
  const events = createEvents(fakeClock(), 3);
  const start = events.latest();
  [1, 2, 3].forEach((id) => job(events, id));
  expect(events.keeps(start)).toBe(true);
  job(events, 4);
  expect(events.keeps(start)).toBe(false);
  expect(events.keeps(start + 1)).toBe(true);
  expect(jobsAfter(events, start + 1)).toEqual([2, 3, 4]);
});

test("a number of an earlier run of the manager, or one that never was, is not kept", () => {
  const clock = fakeClock();
  const before = createEvents(clock);
  job(before, 1);
  clock.advance(1);
  const events = createEvents(clock);
  expect(events.keeps(before.latest())).toBe(false);
  expect(events.keeps(events.latest() + 1)).toBe(false);
});

test("a change is told of after its commit, and never when it was rolled back", async () => {
  await using farm = await memoryFarm();
  const jobId = addQueuedJob(farm, { userId: addTestUser(farm, "ann@x") });
  const before = farm.events.latest();
  const write = farm.commit.write(() => {
    tellOf(farm, { type: "job", jobId });
    expect(farm.events.latest()).toBe(before);
  });
  await write;
  expect(farm.events.latest()).toBe(before + 1);
  const refused = farm.commit.write(() => {
    tellOf(farm, { type: "job", jobId });
    throw new Error("no");
  });
  await expect(refused).rejects.toThrow("no");
  expect(farm.events.latest()).toBe(before + 1);
});
