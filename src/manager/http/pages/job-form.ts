import { ADDON_NAME } from "#domain/addon.ts";
import { AppError, type ErrorCode } from "#domain/app-error.ts";
import { parseFrames } from "#domain/frames.ts";
import { parseVersion } from "#domain/blender-version.ts";
import { DEVICES, MAX_PRIORITY, type Device } from "#domain/job.ts";
import type { JobWishes } from "#manager/services/jobs.ts";
import type { FormFields } from "../multipart.ts";

export type JobForm = { wishes: JobWishes; problems: Record<string, string> };

/** Beside which field an error belongs that came up later; what is not here concerns the form as a whole. */
const FIELD_OF: Partial<Record<ErrorCode, string>> = {
  invalid_frames: "frames",
  forbidden: "priority",
  not_a_scene: "file",
  bad_archive: "file",
  damaged_scene: "file",
  too_large: "file",
  upload_incomplete: "file",
  disk_full: "file",
  unknown_format: "format",
};

/** Reads the form of a new job, with a sentence for each field that will not do. Without a name, the job is called like its file. */
export function readJobForm(fields: FormFields, fileName: string): JobForm {
  const problems: Record<string, string> = {};
  const read = <T>(name: string, parse: (text: string) => T): T | null => {
    const text = fields.get(name)?.trim() ?? "";
    if (text === "") return null;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems[name] = error.message;
      return null;
    }
  };
  const text = (name: string, most: number) => read(name, (value) => atMost(value, most));
  const format = text("format", 40);
  const priority = read("priority", (value) => wholeNumber(value, 0, MAX_PRIORITY));
  const wishes: JobWishes = {
    name: text("name", 200) ?? nameOfFile(fileName),
    frames: read("frames", (value) => (parseFrames(value), value)),
    scene: text("scene", 300),
    camera: text("camera", 300),
    engine: text("engine", 100),
    device: read("device", device) ?? "auto",
    samples: read("samples", (value) => wholeNumber(value, 1, 1_000_000)),
    resolutionPercentage: read("resolutionPercentage", (value) => wholeNumber(value, 1, 400)),
    blenderVersion: read("blenderVersion", version),
    mainFile: text("mainFile", 4096),
    autostart: fields.get("autostart") === "on",
    addons: read("addons", addonNames) ?? [],
    ...(format === null ? {} : { format }),
    ...(priority === null ? {} : { priority }),
  };
  return { wishes, problems };
}

/** What to say of an error, and where, after the form itself was in order. */
export function problemOf(error: AppError): Record<string, string> {
  return { [FIELD_OF[error.code] ?? "form"]: error.message };
}

function nameOfFile(fileName: string): string {
  return fileName.replace(/(\.tar)?\.[^.]*$/, "").slice(0, 200) || "Untitled";
}

function atMost(text: string, most: number): string {
  if (text.length > most) throw bad(`At most ${most} characters, please.`);
  return text;
}

function wholeNumber(text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least && number <= most) return number;
  throw bad(`This takes a whole number from ${least} to ${most}.`);
}

function device(text: string): Device {
  const known = DEVICES.find((one) => one === text);
  if (!known) throw bad(`There is no device "${text}"; there are ${DEVICES.join(", ")}.`);
  return known;
}

function addonNames(text: string): string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  const odd = names.find((name) => !new RegExp(ADDON_NAME).test(name) || name.length > 100);
  if (odd !== undefined) throw bad(`"${odd}" is not the module of an add-on, like io_scene_fbx.`);
  if (names.length > 50) throw bad("At most 50 add-ons, please.");
  return [...new Set(names)];
}

function version(text: string): string {
  if (!parseVersion(text)) throw bad("Write a version like 4.3 or 4.3.2.");
  return text;
}

function bad(message: string): AppError {
  return new AppError("bad_request", message);
}
