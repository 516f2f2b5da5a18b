import { leaseName } from "#domain/task.ts";
import type { LeasedTask } from "#protocol/runner.ts";
import type { HeldTask, HeldTasks } from "./held-tasks.ts";
import type { ManagerClient } from "./manager-client.ts";
import { ManagerRefusal, ManagerUnreachable } from "./manager-errors.ts";
import type { Register } from "./registration.ts";
import { backoffMs, type Patience } from "./retry.ts";
import { sleep } from "./time.ts";

/** How long the manager holds our question while it has no work. */
const WAIT_SECONDS = 30;

/** The least time between two questions that brought nothing, whatever answers so quickly. */
const LEAST_ROUND_MS = 1000;

/** What the goodbye to the manager may take. */
const GOODBYE_MS = 3000;

export type WorkLoop = {
  start: () => void;
  /** Takes nothing new from now on. */
  stop: () => Promise<void>;
  /** Gives back what the last question, cut short by `stop`, may have been granted. Never throws, and takes a few seconds at most. */
  giveBackStrays: () => Promise<void>;
};

export type WorkLoopOptions = {
  client: Pick<ManagerClient, "tasks" | "complete">;
  register: Register;
  held: HeldTasks;
  patience: Patience;
  work: (held: HeldTask) => Promise<void>;
};

/** Asks for work whenever a slot is free, and starts what comes. */
export function createWorkLoop(options: WorkLoopOptions): WorkLoop {
  const { client, register, held, patience, work } = options;
  const { time, log } = patience;
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let failures = 0;

  const holding = (): string =>
    held
      .list()
      .map(({ task }) => leaseName(task.id, task.attempt))
      .join(",");

  /** Asks for work. Returns what is not here yet: new tasks, and those whose first answer was lost. */
  const ask = async (waitSeconds: number, slots: number, signal: AbortSignal): Promise<LeasedTask[]> => {
    const tasks = await client.tasks({ waitSeconds, slots, holding: holding() }, signal);
    return tasks.filter((task) => !held.has(task));
  };

  /** Asks once, and starts what came. Returns how long to wait before the next question. */
  const round = async (): Promise<number> => {
    const { signal } = stopping;
    const startMs = time.monotonicMs();
    try {
      const tasks = await ask(WAIT_SECONDS, held.freeSlots(), signal);
      failures = 0;
      if (signal.aborted) return 0;
      for (const task of tasks) held.take(task, work);
      return tasks.length > 0 ? 0 : LEAST_ROUND_MS - (time.monotonicMs() - startMs);
    } catch (error) {
      return await afterFailure(error);
    }
  };

  const afterFailure = async (error: unknown): Promise<number> => {
    if (stopping.signal.aborted) return 0;
    failures += 1;
    if (error instanceof ManagerRefusal && error.status === 404) await register(stopping.signal).catch(() => {});
    else if (!(error instanceof ManagerUnreachable)) log.error("asking for work failed", { error: String(error) });
    const retryAfterMs = error instanceof ManagerUnreachable ? error.retryAfterMs : 0;
    return Math.max(backoffMs(failures, patience.random()), retryAfterMs);
  };

  const run = async (): Promise<void> => {
    const { signal } = stopping;
    while (!signal.aborted) {
      if (held.freeSlots() === 0) await held.changed(signal);
      else await sleep(time, await round(), signal);
    }
  };

  const giveBackStrays = async (): Promise<void> => {
    const patienceOver = new AbortController();
    const cancel = time.after(GOODBYE_MS, () => patienceOver.abort());
    try {
      for (const { id, attempt } of await ask(0, 0, patienceOver.signal))
        await client.complete(id, { attempt, ok: false, givenBack: true }, patienceOver.signal);
    } catch (error) {
      log.debug("could not ask for stray leases; they run out by themselves", { error: String(error) });
    } finally {
      cancel();
    }
  };

  return {
    start: () => void (running = run()),
    stop: async () => {
      stopping.abort();
      await running;
    },
    giveBackStrays,
  };
}
