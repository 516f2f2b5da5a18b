import { parseFrames } from "#domain/frames.ts";
import type { Warning } from "#domain/warning.ts";
import { createFrameFiling, type CheckFrame, type FrameFiling } from "./frame-filing.ts";
import type { HeldTask } from "./held-tasks.ts";
import { createLogShipper } from "./log-shipper.ts";
import type { ManagerClient } from "./manager-client.ts";
import { ManagerRefusal } from "./manager-errors.ts";
import type { Outbox } from "./outbox.ts";
import { renderLease, type RenderHost, type RenderWatch } from "./render-lease.ts";
import { retrying, type Patience } from "./retry.ts";
import type { Shutdown } from "./shutdown.ts";
import { completeBodyOf, endAfterDelivery, failureOf, type TaskEnd } from "./task-end.ts";
import { createTaskJournal } from "./task-journal.ts";
import { unlessAborted } from "./time.ts";

export type TaskWork = {
  client: Pick<ManagerClient, "complete" | "appendLog">;
  host: RenderHost;
  outbox: Pick<Outbox, "add">;
  checkFrame: CheckFrame;
  shutdown: Shutdown;
  patience: Patience;
};

/**
 * Works on one lease from start to end: the project, Blender, the frames to the outbox, and when all of them are acknowledged the end.
 * Never throws for what goes wrong with the task; that is told to the manager.
 */
export async function renderTask(held: HeldTask, work: TaskWork): Promise<void> {
  const { task, lost } = held;
  const { client, shutdown } = work;
  const log = work.patience.log.with({ task: task.id, attempt: task.attempt });
  const patience = { ...work.patience, log };
  const shipper = createLogShipper({
    lease: task,
    client,
    patience,
    signal: AbortSignal.any([lost, shutdown.deliveriesOver]),
  });
  const filing = createFrameFiling(task, work.outbox, work.checkFrame);
  const journal = createTaskJournal({ held, filing, line: shipper.line, log, time: patience.time });

  log.info("task started", { job: task.jobName, frames: task.frames, blender: task.blenderVersion });
  const watch = { onEvent: journal.onEvent, onLine: shipper.line, signal: AbortSignal.any([lost, shutdown.stopping]) };
  journal.say(`frames ${task.frames}; getting the project`);
  const rendered = await render(held, work, filing, watch);
  held.advance("delivering");
  const end = await deliver(rendered, filing, held, shutdown);
  journal.say(sayEnd(end));
  await shipper.close();
  if (end.kind === "lost") return log.warn("task ended: it is not ours any more", { why: String(lost.reason) });
  held.advance("reporting");
  await report(end, held, journal.warnings, { client, patience, signal: shutdown.over });
}

/** Renders, and says how that ended, not looking at how far the frames are. */
async function render(held: HeldTask, work: TaskWork, filing: FrameFiling, watch: RenderWatch): Promise<TaskEnd> {
  const { task } = held;
  try {
    held.report({ total: parseFrames(task.frames).length });
    const verdict = await renderLease(task, work.host, watch);
    if (verdict.kind === "failed") return verdict;
    if (verdict.kind === "aborted") return { kind: "givenBack" };
    if (filing.problem !== null) return { kind: "failed", reason: "bad_output", message: filing.problem };
    return { kind: "completed" };
  } catch (error) {
    if (watch.signal.aborted) return { kind: "givenBack" };
    const failure = failureOf(error);
    if (failure.reason === "internal") work.patience.log.error("a task failed unforeseen", { error: stackOf(error) });
    return failure;
  }
}

/** Waits until all frames that came out are acknowledged. */
async function deliver(rendered: TaskEnd, filing: FrameFiling, held: HeldTask, shutdown: Shutdown): Promise<TaskEnd> {
  const noLonger = AbortSignal.any([held.lost, shutdown.deliveriesOver]);
  const deliveries = await unlessAborted(Promise.all(filing.outgoing.map(({ delivered }) => delivered)), noLonger);
  if (held.lost.aborted) return { kind: "lost" };
  if (deliveries === null) return { kind: "givenBack" };
  return endAfterDelivery(rendered, deliveries);
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
    else patience.log.info(end.kind === "completed" ? "task done" : "task given back");
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
      return "all frames are filed";
    case "failed":
      return `failed (${end.reason}): ${end.message}`;
    case "givenBack":
      return "given back: the runner stops";
    case "lost":
      return "ended: the lease is lost";
    default:
      return end satisfies never;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
