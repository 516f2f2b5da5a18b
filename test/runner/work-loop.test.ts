import { expect, test } from "bun:test";
import type { CompleteBody, LeasedTask } from "#protocol/runner.ts";
import { createHeldTasks } from "#runner/held-tasks.ts";
import type { TaskPoll } from "#runner/manager-client.ts";
import { ManagerRefusal, ManagerUnreachable } from "#runner/manager-errors.ts";
import { createWorkLoop } from "#runner/work-loop.ts";
import { aTask, stillPatience } from "./support/fixtures.ts";

type Answer = LeasedTask[] | Error;

/** A loop whose questions wait until the test answers them. */
function setUp(slots = 1) {
  const patience = stillPatience();
  const held = createHeldTasks(slots, patience.log);
  const questions: TaskPoll[] = [];
  const ends: (CompleteBody & { id: number })[] = [];
  const started: number[] = [];
  const finish = new Map<number, () => void>();
  let registrations = 0;
  let answerNow: (answer: Answer) => void = () => {};
  let asked = Promise.withResolvers<void>();
  const loop = createWorkLoop({
    client: {
      tasks: (ask, signal) =>
        new Promise((resolve, reject) => {
          questions.push(ask);
          answerNow = (answer) => (answer instanceof Error ? reject(answer) : resolve(answer));
          signal.addEventListener("abort", () => reject(signal.reason));
          asked.resolve();
          asked = Promise.withResolvers();
        }),
      complete: async (id, body) => void ends.push({ id, ...body }),
    },
    register: async () => {
      registrations += 1;
      return { runnerId: 2, name: "box", protocol: 1, heartbeatSeconds: 5, leaseSeconds: 15 };
    },
    held,
    patience,
    work: (task) => {
      started.push(task.task.id);
      return new Promise((resolve) => finish.set(task.task.id, resolve));
    },
  });
  /** Waits for the question of that number, from 1. */
  const question = async (number: number): Promise<TaskPoll> => {
    while (questions.length < number) await asked.promise;
    return questions[number - 1]!;
  };
  const answer = (with_: Answer): void => answerNow(with_);
  return { loop, held, question, answer, ends, started, finish, patience, registrations: () => registrations };
}

test("a free slot is asked for with a long wait, and what comes is started", async () => {
  const { loop, question, answer, started, held } = setUp();
  loop.start();
  expect(await question(1)).toEqual({ waitSeconds: 30, slots: 1, holding: "" });
  answer([aTask({ id: 11 })]);
  await held.changed(new AbortController().signal);
  expect(started).toEqual([11]);
  await loop.stop();
});

test("a runner whose slots are taken does not ask, until one is free again", async () => {
  const { loop, question, answer, held, finish } = setUp();
  loop.start();
  await question(1);
  answer([aTask({ id: 11 })]);
  await held.changed(new AbortController().signal);
  finish.get(11)!();
  expect(await question(2)).toMatchObject({ slots: 1, holding: "" });
  await loop.stop();
});

test("while the last frames are on their way the next task is asked for, and the held lease is listed", async () => {
  const { loop, question, answer, held } = setUp();
  loop.start();
  await question(1);
  answer([aTask({ id: 11, attempt: 3 })]);
  await held.changed(new AbortController().signal);
  held.list()[0]!.advance("delivering");
  expect(await question(2)).toMatchObject({ slots: 1, holding: "11.3" });
  await loop.stop();
});

test("a task that is told of twice is started once", async () => {
  const { loop, question, answer, started, patience } = setUp(2);
  loop.start();
  await question(1);
  answer([aTask({ id: 11 })]);
  await question(2);
  answer([aTask({ id: 11 })]);
  await patience.time.waitedFor(1000);
  expect(started).toEqual([11]);
  await loop.stop();
});

test("a manager that answers at once that there is nothing is asked once a second", async () => {
  const { loop, question, answer, patience } = setUp();
  loop.start();
  await question(1);
  answer([]);
  await patience.time.waitedFor(1000);
  patience.time.advance(1000);
  await question(2);
  await loop.stop();
});

test("after a real wait for nothing the next question follows at once", async () => {
  const { loop, question, answer, patience } = setUp();
  loop.start();
  await question(1);
  patience.time.advance(30_000);
  answer([]);
  await question(2);
  await loop.stop();
});

test("a manager that is away is asked again, with waits that grow", async () => {
  const { loop, question, answer, patience } = setUp();
  loop.start();
  for (const [number, ms] of [1000, 2000, 4000].entries()) {
    await question(number + 1);
    answer(new ManagerUnreachable("away"));
    await patience.time.waitedFor(ms);
    patience.time.advance(ms);
  }
  await question(4);
  await loop.stop();
});

test("a manager that does not know the runner gets a registration", async () => {
  const { loop, question, answer, patience, registrations } = setUp();
  loop.start();
  await question(1);
  answer(new ManagerRefusal(404, "not_found", "No such runner."));
  await patience.time.waitedFor(1000);
  expect(registrations()).toBe(1);
  await loop.stop();
});

test("after a stop nothing new is started; what the cut question was granted is given back", async () => {
  const { loop, question, answer, ends, started } = setUp();
  loop.start();
  await question(1);
  await loop.stop();
  const goodbye = loop.giveBackStrays();
  expect(await question(2)).toEqual({ waitSeconds: 0, slots: 0, holding: "" });
  answer([aTask({ id: 12, attempt: 4 })]);
  await goodbye;
  expect(ends).toEqual([{ id: 12, attempt: 4, ok: false, givenBack: true }]);
  expect(started).toEqual([]);
});

test("the goodbye to a manager that is away takes three seconds", async () => {
  const { loop, patience } = setUp();
  const goodbye = loop.giveBackStrays();
  await patience.time.waitedFor(3000);
  patience.time.advance(3000);
  await goodbye;
});
