import type { Warning } from "#domain/warning.ts";
import type { Log } from "#system/log.ts";
import type { HeldTask } from "./held-tasks.ts";
import { createLogShipper } from "./log-shipper.ts";
import type { ManagerClient } from "./manager-client.ts";
import { ManagerRefusal } from "./manager-errors.ts";
import type { Outgoing } from "./outbox.ts";
import { retrying, type Patience } from "./retry.ts";
import type { Shutdown } from "./shutdown.ts";
import { completeBodyOf, endAfterDelivery, failureOf, type GivenBack, type TaskEnd } from "./task-end.ts";
import { unlessAborted } from "./time.ts";

/** What every kind of task needs. */
export type TaskSurroundings = {
  client: Pick<ManagerClient, "complete" | "appendLog">;
  shutdown: Shutdown;
  patience: Patience;
};

/** One attempt, for whoever does the work of it. */
export type Attempt = {
  /** Writes a line of a program into the log of the attempt, which the manager keeps. */
  line: (text: string) => void;
  /** Writes a line of ours into it, told apart from those. */
  say: (text: string) => void;
  patience: Patience;
  /** Aborts when the lease is lost, or the runner stops. */
  signal: AbortSignal;
};

/** What came of the work: what has been handed to the outbox, and what is to be told. */
export type Work = {
  run: (attempt: Attempt) => Promise<TaskEnd>;
  outgoing: () => readonly Outgoing[];
  warnings: () => readonly Warning[];
};

/**
 * Works on one lease from start to end: the work itself, its files on their way to the manager, and when all of them are acknowledged the
 * end. Never throws for what goes wrong with the task; that is told to the manager. Returns how it ended.
 */
export async function runTask(held: HeldTask, around: TaskSurroundings, work: Work): Promise<TaskEnd> {
  const { task, lost } = held;
  const { client, shutdown } = around;
  const log = around.patience.log.with({ task: task.id, attempt: task.attempt });
  const patience = { ...around.patience, log };
  const noLonger = AbortSignal.any([lost, shutdown.deliveriesOver]);
  const shipper = createLogShipper({ lease: task, client, patience, signal: noLonger });
  const say = (text: string): void => shipper.line(`[runner] ${text}`);
  const signal = AbortSignal.any([lost, shutdown.stopping]);

  const worked = await guarded({ line: shipper.line, say, patience, signal }, work);
  held.advance("delivering");
  const end = await deliver(worked, work, held, noLonger);
  say(sayEnd(end));
  await shipper.close();
  if (end.kind === "lost") {
    log.warn("task ended: it is not ours any more", { why: String(lost.reason) });
    return end;
  }
  held.advance("reporting");
  await report(end, held, work.warnings(), { client, patience, signal: shutdown.over });
  return end;
}

/** Does the work, and says how that ended, not looking at how far its files are. */
async function guarded(attempt: Attempt, work: Work): Promise<TaskEnd> {
  try {
    return await work.run(attempt);
  } catch (error) {
    if (attempt.signal.aborted) return { kind: "givenBack" };
    const failure = failureOf(error);
    if (failure.reason === "internal") logStack(attempt.patience.log, error);
    return failure;
  }
}

/** Waits until all files that came out are acknowledged. */
async function deliver(worked: TaskEnd, work: Work, held: HeldTask, noLonger: AbortSignal): Promise<TaskEnd> {
  const deliveries = await unlessAborted(Promise.all(work.outgoing().map(({ delivered }) => delivered)), noLonger);
  if (held.lost.aborted) return { kind: "lost" };
  if (deliveries === null) return { kind: "givenBack" };
  return endAfterDelivery(worked, deliveries);
}

type Reporting = { client: Pick<ManagerClient, "complete">; patience: Patience; signal: AbortSignal };

/** Tells the manager the end, until it has heard it. A no is only logged: then the lease was lost, and others see to the task. */
async function report(
  end: Exclude<TaskEnd, { kind: "lost" }>,
  held: HeldTask,
  warnings: readonly Warning[],
  reporting: Reporting,
): Promise<void> {
  const { client, patience, signal } = reporting;
  const { id, attempt } = held.task;
  const body = completeBodyOf(end, attempt, warnings);
  try {
    await retrying("reporting a task", patience, signal, () => client.complete(id, body, signal));
    if (end.kind === "failed") patience.log.error("task failed", { reason: end.reason, why: end.message });
    else if (end.kind === "completed") patience.log.info("task done");
    else patience.log.info("task given back", { why: whyGivenBack(end) });
  } catch (error) {
    if (error instanceof ManagerRefusal && error.code === "frames_missing" && end.kind === "completed")
      return report({ kind: "failed", reason: "internal", message: error.message }, held, warnings, reporting);
    patience.log.warn("the end of a task was not taken", {
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

function sayEnd(end: TaskEnd): string {
  switch (end.kind) {
    case "completed":
      return "all that came out is filed";
    case "failed":
      return `failed (${end.reason}): ${end.message}`;
    case "givenBack":
      return `given back: ${whyGivenBack(end)}`;
    case "lost":
      return "ended: the lease is lost";
    default:
      return end satisfies never;
  }
}

function whyGivenBack({ why }: GivenBack): string {
  return why ?? "the runner stops";
}

function logStack(log: Log, error: unknown): void {
  log.error("a task failed unforeseen", {
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
