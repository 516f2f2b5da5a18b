import { frameName } from "#domain/frames.ts";
import type { FailureReason } from "#domain/failure.ts";
import type { ProgramResult } from "../command.ts";
import { endOf, endSignal } from "./end-signal.ts";
import type { LastLines } from "./last-lines.ts";
import { SCRIPT_ERROR_EXIT_CODE } from "./run-script.ts";

/** All that is known of a rendering when Blender has ended. */
export type RenderFacts = {
  result: ProgramResult;
  /** Why we ended Blender ourselves. */
  endedFor: "hung" | "timeout" | null;
  /** Whether the script got as far as to render: the file is open, and the job's wishes are met. */
  started: boolean;
  /** What went wrong in the script's own words; without a reason they are Blender's. */
  failed: { reason: FailureReason | null; message: string } | null;
  /** The frame that was being rendered. */
  frame: number | null;
  /** Frames of the order that did not come out. */
  missingFrames: readonly number[];
  lastLines: LastLines;
  /** What is left on the disk of the output folder. */
  freeBytes: number;
};

export type Verdict =
  { kind: "done" } | { kind: "aborted" } | { kind: "failed"; reason: FailureReason; message: string };

/** With less than this left, a frame that is not there is so for want of space. */
const FULL_DISK_BYTES = 1024 * 1024;

const OUT_OF_MEMORY =
  /std::bad_alloc|\bMemoryError\b|out of memory|out of GPU|[mc]alloc returns null|failed to allocate|cannot allocate memory/i;
const DISK_FULL = /no space left on device|disk quota exceeded/i;
const NO_CAMERA = /no camera/i;

/** Signals by which a program ends for a fault of its own. */
const CRASH_SIGNALS = new Set(["SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP"]);

/** Exit codes of shells, launchers and bubblewrap for a program that cannot be run, and for one that is not there. */
const CANNOT_RUN_EXIT_CODES: readonly (number | null)[] = [126, 127];

/**
 * Judges how a rendering went. Blender's exit code alone lies: it is 0 for a full disk and for frames that were never rendered, and 1
 * for most that can go wrong while it opens a file.
 */
export function judgeRender(facts: RenderFacts): Verdict {
  const { result, failed, endedFor } = facts;
  if (endedFor !== null) return failure(endedFor, endedMessage(endedFor, facts.frame));
  if (failed?.reason) return failure(failed.reason, failed.message);
  if (result.reason === "aborted") return { kind: "aborted" };
  if (result.exitCode === 0 && !failed && facts.missingFrames.length === 0) return { kind: "done" };
  const known = notStarted(facts) ?? outOfSpace(facts) ?? crashed(facts) ?? complained(facts);
  return known ?? failure("internal", `Blender ended with ${endOf(result)}.${facts.lastLines.because()}`);
}

function endedMessage(endedFor: "hung" | "timeout", frame: number | null): string {
  const where = frame === null ? "while it opened the file" : `on frame ${frame}`;
  return endedFor === "hung"
    ? `Blender neither computed nor wrote anything any more ${where}, and was ended.`
    : `Blender took longer than the time limit ${where}, and was ended.`;
}

function notStarted({ result, started, lastLines }: RenderFacts): Verdict | null {
  if (result.reason === "spawn_failed") {
    return failure("blender_unavailable", `Blender could not be started: ${result.message}.`);
  }
  if (started || !CANNOT_RUN_EXIT_CODES.includes(result.exitCode)) return null;
  return failure("blender_unavailable", `Blender could not be started (${endOf(result)}).${lastLines.because()}`);
}

/** Nobody but the kernel, when it runs out of memory, kills Blender: what we end ourselves is known by now. */
function outOfSpace(facts: RenderFacts): Verdict | null {
  const { result, lastLines } = facts;
  if (said(facts, OUT_OF_MEMORY) || endSignal(result) === "SIGKILL") {
    return failure("out_of_memory", `Blender ran out of memory${at(facts)} (${endOf(result)}).${lastLines.because()}`);
  }
  if (said(facts, DISK_FULL) || facts.freeBytes < FULL_DISK_BYTES) {
    return failure("disk_full", `The disk is full: Blender could not save what it rendered${at(facts)}.`);
  }
  return null;
}

function crashed(facts: RenderFacts): Verdict | null {
  const signal = endSignal(facts.result);
  if (signal === null || !CRASH_SIGNALS.has(signal)) return null;
  const because = facts.lastLines.because();
  return facts.started
    ? failure("blender_crashed", `Blender crashed${at(facts)} (${signal}).${because}`)
    : failure("load_failed", `Blender crashed while it opened the file (${signal}).${because}`);
}

function complained({ result, started, failed, missingFrames, lastLines }: RenderFacts): Verdict | null {
  if (result.exitCode === SCRIPT_ERROR_EXIT_CODE) {
    return failure("internal", `A script of the farm failed in Blender.${lastLines.because()}`);
  }
  if (failed) return failure(NO_CAMERA.test(failed.message) ? "no_camera" : "internal", failed.message);
  if (!started) return failure("load_failed", `Blender could not open the file.${lastLines.because()}`);
  const [missing] = missingFrames;
  if (result.exitCode !== 0 || missing === undefined) return null;
  return failure("bad_output", `Blender ended as if all were well, but ${frameName(missing)} did not come out.`);
}

function said({ lastLines, failed }: RenderFacts, pattern: RegExp): boolean {
  return lastLines.some(pattern) || pattern.test(failed?.message ?? "");
}

function at({ frame }: RenderFacts): string {
  return frame === null ? "" : ` on frame ${frame}`;
}

function failure(reason: FailureReason, message: string): Verdict {
  return { kind: "failed", reason, message };
}
