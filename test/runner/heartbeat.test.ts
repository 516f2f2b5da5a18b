import type { BlenderFound } from "#domain/runner.ts";
import { expect, test } from "bun:test";
import { createHeartbeat } from "#runner/heartbeat.ts";
import { createHeldTasks, type HeldTask } from "#runner/held-tasks.ts";
import { ManagerRefusal, ManagerUnreachable } from "#runner/manager-errors.ts";
import type { HeartbeatAnswer, HeartbeatBody } from "#protocol/runner.ts";
import { aTask, stillPatience } from "./support/fixtures.ts";

const FINE: HeartbeatAnswer = { abandon: [], drain: false };

/** A heartbeat every five seconds whose answers come from `answers`, one after the other; `FINE` when they are used up. */
function setUp(...answers: (HeartbeatAnswer | Error)[]) {
  const patience = stillPatience();
  const held = createHeldTasks(2, patience.log);
  const beats: HeartbeatBody[] = [];
  const patiences: number[] = [];
  let registrations = 0;
  const leaving = new AbortController();
  const capabilities: { blenders: BlenderFound[]; brokenBlenders: string[] } = { blenders: [], brokenBlenders: [] };
  const heartbeat = createHeartbeat({
    capabilities,
    client: {
      heartbeat: async (body, patienceMs) => {
        beats.push(body);
        patiences.push(patienceMs);
        const answer = answers.shift() ?? FINE;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    register: async () => {
      registrations += 1;
      return { runnerId: 2, name: "box", protocol: 1, heartbeatSeconds: 5, leaseSeconds: 15 };
    },
    held,
    patience,
    leaving: leaving.signal,
  });
  const nextBeat = async () => {
    await patience.time.waitedFor(5000);
    patience.time.advance(5000);
    await patience.time.waitedFor(5000);
  };
  return {
    heartbeat,
    held,
    beats,
    patiences,
    nextBeat,
    patience,
    drain: () => leaving.abort(),
    registrations: () => registrations,
  };
}

function take(held: ReturnType<typeof createHeldTasks>, id: number): HeldTask {
  let taken: HeldTask | undefined;
  held.take(aTask({ id }), (task) => ((taken = task), new Promise(() => {})));
  return taken!;
}

test("a beat comes at once and then every five seconds", async () => {
  const { heartbeat, beats, nextBeat } = setUp();
  heartbeat.start(5);
  await nextBeat();
  await nextBeat();
  await heartbeat.stop();
  expect(beats).toHaveLength(3);
});

test("a beat lists all leases, which renews them, and how far they are", async () => {
  const { heartbeat, held, beats, patience } = setUp();
  const task = take(held, 11);
  task.report({ frame: 2, done: 1, total: 3 });
  take(held, 12).advance("delivering");
  heartbeat.start(5);
  await patience.time.waitedFor(5000);
  await heartbeat.stop();
  expect(beats[0]?.tasks).toMatchObject([
    { id: 11, attempt: 1, progress: { frame: 2, done: 1, total: 3 } },
    { id: 12, attempt: 1 },
  ]);
});

test("a task that the manager has taken back ends at once", async () => {
  const { heartbeat, held, patience } = setUp({ abandon: [{ id: 11, attempt: 1, why: "canceled" }], drain: false });
  const task = take(held, 11);
  heartbeat.start(5);
  await patience.time.waitedFor(5000);
  await heartbeat.stop();
  expect(task.lost.aborted).toBe(true);
  expect(String(task.lost.reason)).toContain("canceled");
});

test("an admin's drain pauses the runner, and its end lets it work again", async () => {
  const { heartbeat, held, nextBeat, patience } = setUp({ abandon: [], drain: true });
  heartbeat.start(5);
  await patience.time.waitedFor(5000);
  expect(held.freeSlots()).toBe(0);
  await nextBeat();
  expect(held.freeSlots()).toBe(2);
  await heartbeat.stop();
});

test("a runner that is about to end says so a second after the last beat, not only with the next", async () => {
  const { heartbeat, beats, patience, drain } = setUp();
  heartbeat.start(5);
  await patience.time.waitedFor(5000);
  drain();
  await patience.time.waitedFor(1000);
  patience.time.advance(1000);
  await patience.time.waitedFor(5000);
  await heartbeat.stop();
  expect(beats.map(({ draining }) => draining)).toEqual([false, true]);
});

test("beats that fail are followed by the next as ever; the tasks go on meanwhile", async () => {
  const { heartbeat, held, beats, nextBeat } = setUp(
    new ManagerUnreachable("away"),
    new ManagerUnreachable("away", 503),
  );
  const task = take(held, 11);
  heartbeat.start(5);
  await nextBeat();
  await nextBeat();
  await heartbeat.stop();
  expect(beats).toHaveLength(3);
  expect(task.lost.aborted).toBe(false);
});

test("a beat is given up early enough for the next to save the lease", async () => {
  const { heartbeat, patiences, patience } = setUp();
  heartbeat.start(5);
  await patience.time.waitedFor(5000);
  await heartbeat.stop();
  expect(patiences).toEqual([10_000]);
});

test("a manager that does not know the runner any more gets a new registration", async () => {
  const { heartbeat, nextBeat, registrations } = setUp(new ManagerRefusal(404, "not_found", "No such runner."));
  heartbeat.start(5);
  await nextBeat();
  await heartbeat.stop();
  expect(registrations()).toBe(1);
});

test("stopping does not wait for the next beat", async () => {
  const { heartbeat, patience } = setUp();
  heartbeat.start(5);
  await patience.time.waitedFor(5000);
  await heartbeat.stop();
  await heartbeat.stop();
  expect(patience.time.waits).toEqual([]);
});

test("a frame begun is told a second after the last beat, and samples wait for the next", async () => {
  const { heartbeat, held, beats, patience } = setUp();
  const task = take(held, 11);
  heartbeat.start(5);
  await patience.time.waitedFor(5000);
  task.report({ sample: 1, samples: 8 });
  await patience.time.waitedFor(5000);
  expect(beats).toHaveLength(1);
  task.report({ frame: 7 });
  await patience.time.waitedFor(1000);
  patience.time.advance(1000);
  await patience.time.waitedFor(5000);
  expect(beats).toHaveLength(2);
  expect(beats[1]!.tasks[0]!.progress).toMatchObject({ frame: 7, sample: 1 });
  await heartbeat.stop();
});

test("whoever leaves says goodbye after the last beat, and minds no manager that is away", async () => {
  const { heartbeat, beats, patience } = setUp(FINE, new ManagerUnreachable("away", 503));
  heartbeat.start(5);
  await patience.time.waitedFor(5000);
  await heartbeat.stop();
  await heartbeat.sayGoodbye();
  expect(beats.at(-1)).toEqual({ tasks: [], draining: true, goodbye: true });
});

test("a video tells what kind of work begins, and not every frame of it", async () => {
  const { heartbeat, held, beats, patience } = setUp();
  const task = take(held, 11);
  heartbeat.start(5);
  await patience.time.waitedFor(5000);
  const at = (pass: number | null, frame: number): void =>
    task.report({
      frame,
      encoding: { step: pass === null ? "converting" : "color", pass, fraction: 0, secondsLeft: null },
    });
  at(null, 1);
  await patience.time.waitedFor(1000);
  patience.time.advance(1000);
  await patience.time.waitedFor(5000);
  for (let frame = 2; frame < 20; frame += 1) at(null, frame);
  expect(patience.time.waits).not.toContain(1000);
  expect(beats).toHaveLength(2);
  await heartbeat.stop();
});
