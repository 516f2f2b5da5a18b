import { leaseName } from "#domain/task.ts";
import type { TaskProgress } from "#domain/progress.ts";
import { MAX_SLOTS } from "#domain/lease.ts";
import type { LeasedTask } from "#protocol/runner.ts";
import type { Log } from "#system/log.ts";
import { unlessAborted } from "./time.ts";

/**
 * How far a task is here.
 *
 *     rendering ──► delivering ──► reporting ──► (let go)
 *
 * `rendering`: it has a slot. `delivering`: its Blender has ended and its frames are on their way, so the slot is free for the next.
 * `reporting`: its end is being told; from here on the manager's answer to that counts, not what a heartbeat says.
 */
export type TaskPhase = "rendering" | "delivering" | "reporting";

/** Why everything about a task ends: its lease is not ours any more. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
}

/** A task that this runner holds a lease on. */
export type HeldTask = {
  readonly task: LeasedTask;
  /** Aborts when the lease is not ours any more: all about the task ends at once, and nothing is reported. */
  readonly lost: AbortSignal;
  readonly phase: TaskPhase;
  readonly progress: TaskProgress;
  advance: (phase: TaskPhase) => void;
  /** Notes how far the task is; others hear of a change that is news. */
  report: (news: Partial<TaskProgress>) => void;
};

/** The tasks that this runner holds, and how many more it can take. */
export type HeldTasks = {
  list: () => HeldTask[];
  has: (task: LeasedTask) => boolean;
  /** Takes a task in, and lets go of it when `work` has ended. */
  take: (task: LeasedTask, work: (held: HeldTask) => Promise<void>) => void;
  /** Ends a task because its lease is lost; one that is reporting its end already is left alone. */
  lose: (id: number, attempt: number, why: string) => void;
  loseAll: (why: string) => void;
  /** While paused no slot counts as free; an admin may ask for it. */
  pause: (paused: boolean) => void;
  /** How many tasks could start now. */
  freeSlots: () => number;
  /** Resolves at the next change, or when the signal aborts. */
  changed: (signal: AbortSignal) => Promise<void>;
  /** Resolves when no task is held any more. */
  empty: () => Promise<void>;
};

/**
 * Tasks that may be held beyond the slots, because they wait for their uploads only: rendering goes on while the last frames travel, but
 * a slow line must not fill the disk.
 */
const DELIVERING_AT_ONCE = 3;

const NEVER = new AbortController().signal;

/** Makes the table of a runner that renders `slots` tasks at once. */
export function createHeldTasks(slots: number, log: Log): HeldTasks {
  const most = Math.min(slots + DELIVERING_AT_ONCE, MAX_SLOTS);
  const tasks = new Map<string, { held: HeldTask; lost: AbortController }>();
  let listeners: (() => void)[] = [];
  let isPaused = false;

  const tell = (): void => {
    const told = listeners;
    listeners = [];
    for (const listener of told) listener();
  };
  const changed = async (signal: AbortSignal): Promise<void> => {
    await unlessAborted(new Promise<void>((resolve) => listeners.push(resolve)), signal);
  };
  const list = (): HeldTask[] => [...tasks.values()].map(({ held }) => held);
  const lose = (lease: string, why: string): void => {
    const task = tasks.get(lease);
    if (task && task.held.phase !== "reporting") task.lost.abort(new LeaseLost(why));
  };

  return {
    list,
    has: (task) => tasks.has(leaseName(task.id, task.attempt)),
    take: (task, work) => {
      const lost = new AbortController();
      const held = newHeldTask(task, lost.signal, tell);
      const name = leaseName(task.id, task.attempt);
      tasks.set(name, { held, lost });
      tell();
      const letGo = (): void => {
        tasks.delete(name);
        tell();
      };
      work(held).then(letGo, (error: unknown) => {
        log.error("work on a task ended in an unforeseen way", { task: task.id, error: String(error) });
        letGo();
      });
    },
    lose: (id, attempt, why) => lose(leaseName(id, attempt), why),
    loseAll: (why) => [...tasks.keys()].forEach((name) => lose(name, why)),
    pause: (paused) => {
      if (paused === isPaused) return;
      isPaused = paused;
      log.info(paused ? "the manager asks to take no new tasks" : "the manager asks to take tasks again");
      tell();
    },
    freeSlots: () => {
      if (isPaused) return 0;
      const rendering = list().filter((held) => held.phase === "rendering").length;
      return Math.max(0, Math.min(slots - rendering, most - tasks.size));
    },
    changed,
    empty: async () => {
      while (tasks.size > 0) await changed(NEVER);
    },
  };
}

function newHeldTask(task: LeasedTask, lost: AbortSignal, onChange: () => void): HeldTask {
  let phase: TaskPhase = "rendering";
  let progress: TaskProgress = {
    frame: null,
    done: 0,
    total: 0,
    sample: null,
    samples: null,
    memoryBytes: null,
    encoding: null,
  };
  return {
    task,
    lost,
    get phase() {
      return phase;
    },
    get progress() {
      return progress;
    },
    advance: (next) => {
      phase = next;
      onChange();
    },
    report: (news) => {
      const before = newsOf(progress);
      progress = { ...progress, ...news };
      if (newsOf(progress) !== before) onChange();
    },
  };
}

/** What of a task's progress is told at once: a frame begun or saved, and of a video the kind of work that is done for it. */
export function newsOf({ frame, done, encoding }: TaskProgress): string {
  return encoding === null ? `${frame}.${done}` : encoding.pass === null ? encoding.step : "encoding";
}
