import type { RunnerCapabilities } from "#domain/runner.ts";
import { newsOf, type HeldTasks } from "./held-tasks.ts";
import type { ManagerClient } from "./manager-client.ts";
import { ManagerRefusal, ManagerUnreachable } from "./manager-errors.ts";
import type { Register } from "./registration.ts";
import type { Patience } from "./retry.ts";
import { sleep } from "./time.ts";

export type Heartbeat = {
  start: (everySeconds: number) => void;
  stop: () => Promise<void>;
  /** After the last beat, when no task is held any more: says that this runner is gone, so that nobody waits for it. Never throws. */
  sayGoodbye: () => Promise<void>;
};

export type HeartbeatOptions = {
  client: Pick<ManagerClient, "heartbeat">;
  register: Register;
  held: HeldTasks;
  patience: Patience;
  /** What the manager is told of the machine; its Blenders change. */
  capabilities: Pick<RunnerCapabilities, "blenders" | "brokenBlenders">;
  /** Aborts when this process is to end, which is told without waiting for the next beat. */
  leaving: AbortSignal;
};

/** What the last word to the manager may take. */
const GOODBYE_MS = 2000;

/** News of a task, a frame begun or saved, is told without waiting for the next beat, but no sooner than this after the last. */
const NEWS_EVERY_MS = 1000;

/**
 * Tells the manager every few seconds that this runner lives and how far its tasks are, which renews their leases, and ends at once
 * the tasks that the manager says are not ours any more. A beat that fails is not repeated; the next one comes soon.
 */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { client, register, held, patience, leaving, capabilities } = options;
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let unheardSinceMs: number | null = null;
  let told = "";
  let toldBlenders = JSON.stringify(blendersOf(capabilities));

  const news = (): string =>
    held
      .list()
      .map(({ task, progress }) => `${task.id}.${task.attempt}.${newsOf(progress)}`)
      .concat(leaving.aborted ? ["leaving"] : [])
      .join();

  const beat = async (patienceMs: number): Promise<void> => {
    told = news();
    const tasks = held.list().map(({ task, progress }) => ({ id: task.id, attempt: task.attempt, progress }));
    const blenders = blendersOf(capabilities);
    const changed = JSON.stringify(blenders) !== toldBlenders;
    const body = { tasks, draining: leaving.aborted, ...(changed && blenders) };
    const answer = await client.heartbeat(body, patienceMs, stopping.signal);
    toldBlenders = JSON.stringify(blenders);
    for (const { id, attempt, why } of answer.abandon) held.lose(id, attempt, why);
    held.pause(answer.drain);
  };

  const noteHeard = (): void => {
    if (unheardSinceMs === null) return;
    const seconds = Math.round((patience.time.monotonicMs() - unheardSinceMs) / 1000);
    patience.log.info("the manager answers again", { afterSeconds: seconds });
    unheardSinceMs = null;
  };

  const noteFailure = async (error: unknown): Promise<void> => {
    if (stopping.signal.aborted) return;
    if (error instanceof ManagerRefusal && error.status === 404) {
      patience.log.warn("the manager does not know this runner any more; registering again");
      await register(stopping.signal);
    } else if (!(error instanceof ManagerUnreachable)) {
      patience.log.error("a heartbeat failed", { error: String(error) });
    } else if (unheardSinceMs === null) {
      unheardSinceMs = patience.time.monotonicMs();
      patience.log.warn("the manager does not answer; going on meanwhile", { error: error.message });
    }
  };

  const runOnce = async (patienceMs: number): Promise<void> => {
    try {
      await beat(patienceMs);
      noteHeard();
    } catch (error) {
      // A registration that is refused ends the runner by its own way.
      await noteFailure(error).catch(() => {});
    }
  };

  const untilNextBeat = async (startMs: number, everyMs: number): Promise<void> => {
    const over = new AbortController();
    const ends = AbortSignal.any([stopping.signal, over.signal]);
    const watchNews = async (): Promise<void> => {
      const wakes = leaving.aborted ? ends : AbortSignal.any([ends, leaving]);
      while (news() === told && !ends.aborted) await held.changed(wakes);
      over.abort();
    };
    const watching = watchNews();
    const sinceMs = (): number => patience.time.monotonicMs() - startMs;
    await sleep(patience.time, everyMs - sinceMs(), ends);
    over.abort();
    await watching;
    await sleep(patience.time, NEWS_EVERY_MS - sinceMs(), stopping.signal);
  };

  const run = async (everyMs: number): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startMs = patience.time.monotonicMs();
      await runOnce(2 * everyMs);
      await untilNextBeat(startMs, everyMs);
    }
  };

  return {
    start: (everySeconds) => void (running = run(everySeconds * 1000)),
    stop: async () => {
      stopping.abort();
      await running;
    },
    sayGoodbye: async () => {
      const never = new AbortController().signal;
      await client.heartbeat({ tasks: [], draining: true, goodbye: true }, GOODBYE_MS, never).catch(() => {});
    },
  };
}

function blendersOf({ blenders, brokenBlenders = [] }: HeartbeatOptions["capabilities"]) {
  return { blenders: [...blenders], brokenBlenders: [...brokenBlenders] };
}
