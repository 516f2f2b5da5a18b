import { isOutputName } from "#domain/output.ts";
import { FAILURE_REASONS, type FailureReason } from "#domain/failure.ts";
import { WARNING_CODES, type Warning } from "#domain/warning.ts";
import { isObject, list, number, text } from "./decode.ts";
import type { Progress } from "./output.ts";

/** A file of a frame. The main one is the picture itself, or its first view; others are further views and what File Output nodes wrote. */
export type FrameFile = { name: string; main: boolean };

/** What the render script tells. */
export type ScriptEvent =
  | { type: "started"; blenderVersion: string; scene: string; engine: string; device: string | null }
  | { type: "file_found"; name: string; path: string; found: string }
  | { type: "frame_started"; frame: number }
  | { type: "frame_saved"; frame: number; files: FrameFile[] }
  | { type: "finished"; peakMemoryBytes: number }
  | { type: "failed"; reason: FailureReason | null; message: string }
  | ({ type: "warning" } & Warning);

export type SavedFile = FrameFile & { path: string };
export type SavedFrame = { frame: number; files: SavedFile[] };

/** What a caller hears of a rendering, in order. `device` is the GPUs' type, `CPU`, or null for an engine that has no choice. */
export type RenderEvent =
  | Exclude<ScriptEvent, { type: "failed" | "frame_saved" }>
  | ({ type: "progress"; frame: number } & Progress)
  | ({ type: "frame_saved" } & SavedFrame);

/** Reads an event of the render script; null for anything else. */
export function decodeScriptEvent(event: unknown): ScriptEvent | null {
  if (!isObject(event)) return null;
  const type = event["type"];
  switch (type) {
    case "started":
      return {
        type,
        blenderVersion: text(event["blenderVersion"], ""),
        scene: text(event["scene"], ""),
        engine: text(event["engine"], ""),
        device: text(event["device"], null),
      };
    case "file_found":
      return {
        type,
        name: text(event["name"], ""),
        path: text(event["path"], ""),
        found: text(event["found"], ""),
      };
    case "warning":
      return { type, ...decodeWarning(event["code"], event["message"]) };
    case "frame_started":
      return { type, frame: number(event["frame"], -1) };
    case "frame_saved":
      return { type, frame: number(event["frame"], -1), files: list(event["files"], decodeFile) };
    case "finished":
      return { type, peakMemoryBytes: number(event["peakMemoryBytes"], 0) };
    case "failed":
      return { type, reason: decodeReason(event["reason"]), message: text(event["message"], "") };
    default:
      return null;
  }
}

function decodeWarning(code: unknown, message: unknown): Warning {
  return { code: WARNING_CODES.find((known) => known === code) ?? "other", message: text(message, "") };
}

function decodeReason(reason: unknown): FailureReason | null {
  return FAILURE_REASONS.find((known) => known === reason) ?? null;
}

/** The names become paths here and names of outputs at the manager, so only safe ones pass. */
function decodeFile(file: unknown): FrameFile | null {
  if (!isObject(file)) return null;
  const name = text(file["name"], "");
  return isOutputName(name) ? { name, main: file["main"] === true } : null;
}
