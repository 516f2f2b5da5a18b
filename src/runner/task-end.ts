import type { FailureReason } from "#domain/failure.ts";
import type { Warning } from "#domain/warning.ts";
import { BadBlenderArchive } from "#programs/blender/pack/entry.ts";
import { NoRoom } from "#programs/own/unpack-blender.ts";
import type { CompleteBody } from "#protocol/runner.ts";
import { BadDownload } from "./file-download.ts";
import { DiskFull } from "./frame-filing.ts";
import { ManagerRefusal } from "./manager-errors.ts";
import type { Delivery } from "./outbox.ts";
import { BadArchive } from "./unpack-tar.ts";

/** How the work on a task ended. `lost`: the lease is not ours any more, so there is nobody to tell. */
export type TaskEnd =
  { kind: "completed" } | { kind: "failed"; reason: FailureReason; message: string } | GivenBack | { kind: "lost" };

/** The task is not worked on to its end here; because the runner stops, unless `why` says what else. */
export type GivenBack = { kind: "givenBack"; why?: string };

type Failed = Extract<TaskEnd, { kind: "failed" }>;

/** What the protocol takes; see `completeBody`. */
const LONGEST_MESSAGE = 4000;
const LONGEST_WARNING = 2000;
const MOST_WARNINGS = 200;

/** Says what an error means that came up while a task was prepared or its frames were taken over. */
export function failureOf(error: unknown): Failed {
  if (isDiskFull(error)) return failed("disk_full", "The disk of the runner's workspace is full.");
  if (
    error instanceof ManagerRefusal ||
    error instanceof BadArchive ||
    error instanceof BadDownload ||
    error instanceof BadBlenderArchive
  )
    return failed("internal", `What the task needs could not be fetched: ${error.message}`);
  return failed("internal", error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** Says what the end of a rendering becomes once it is known how the delivery of its frames went. */
export function endAfterDelivery(end: TaskEnd, deliveries: readonly Delivery[]): TaskEnd {
  if (end.kind !== "completed") return end;
  if (deliveries.some((delivery) => delivery.kind === "kept")) return { kind: "givenBack" };
  const broken = deliveries.find((delivery) => delivery.kind === "failed");
  if (!broken) return end;
  const refused = broken.error instanceof ManagerRefusal && broken.error.status === 422;
  return failed(refused ? "bad_output" : "internal", broken.error.message);
}

/** What the manager is told of an end. */
export function completeBodyOf(
  end: Exclude<TaskEnd, { kind: "lost" }>,
  attempt: number,
  warnings: readonly Warning[],
): CompleteBody {
  const told = {
    attempt,
    warnings: warnings
      .slice(0, MOST_WARNINGS)
      .map(({ code, message }) => ({ code, message: message.slice(0, LONGEST_WARNING) })),
  };
  switch (end.kind) {
    case "completed":
      return { ...told, ok: true };
    case "givenBack":
      return { ...told, ok: false, givenBack: true };
    case "failed":
      return { ...told, ok: false, reason: end.reason, message: end.message.slice(0, LONGEST_MESSAGE) };
    default:
      return end satisfies never;
  }
}

function failed(reason: FailureReason, message: string): Failed {
  return { kind: "failed", reason, message };
}

function isDiskFull(error: unknown): boolean {
  if (error instanceof DiskFull || error instanceof NoRoom) return true;
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
