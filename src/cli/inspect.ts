import { stat } from "node:fs/promises";
import type { BlendFile } from "#formats/blend/blend-file.ts";
import { BlendError } from "#formats/blend/error.ts";
import { readBlendFile } from "#formats/blend/read.ts";
import type { BlendScene } from "#formats/blend/scene.ts";
import { table } from "./table.ts";

export type InspectOptions = {
  json: boolean;
  /** Takes what is printed, without the last line end. */
  write: (text: string) => void;
};

/**
 * Prints what our own reader says of a .blend, for people or as JSON. Returns the exit code, 0. Throws an error of one line
 * for what is no file, or no whole .blend.
 */
export async function inspect(path: string, { json, write }: InspectOptions): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new Error(`There is no file ${path}.`);
  const blend = await read(path);
  write(json ? printableJson(blend) : describe(blend));
  return 0;
}

async function read(path: string): Promise<BlendFile> {
  try {
    return (await readBlendFile(Bun.file(path))).file;
  } catch (error) {
    if (error instanceof BlendError) throw new Error(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** JSON itself escapes only the lower control characters. */
function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}

function describe(blend: BlendFile): string {
  const bits = `${blend.pointerBytes * 8}-bit, ${blend.endianness} endian`;
  const parts = [`Saved by Blender ${blend.version} (${bits}), compression: ${blend.compression}`];
  for (const scene of blend.scenes) {
    const active = scene.name === blend.activeScene ? " (active)" : "";
    parts.push(`Scene "${printable(scene.name)}"${active}\n${indented(sceneRows(scene))}`);
  }
  if (blend.files.length > 0) {
    const rows = blend.files.map((file) => [file.kind.replaceAll("_", " "), file.path, file.packed ? "packed" : ""]);
    parts.push(`Files it needs\n${indented(rows)}`);
  }
  if (blend.physics.length > 0) {
    const rows = blend.physics.map(({ kind, object }) => [kind.replaceAll("_", " "), object]);
    parts.push(`Physics that is not baked\n${indented(rows)}`);
  }
  if (blend.scripts.length > 0) {
    parts.push(`Scripts that would run when it is opened\n${indented(blend.scripts.map(({ name }) => [name]))}`);
  }
  if (blend.partial) parts.push("It has so many objects that not all were looked at.");
  return parts.join("\n\n");
}

function sceneRows(scene: BlendScene): string[][] {
  const step = scene.frameStep === 1 ? "" : `, every ${scene.frameStep}`;
  const fps = Number((scene.fps / scene.fpsBase).toFixed(3));
  const size = `${scene.resolutionX} x ${scene.resolutionY}`;
  const border = scene.border && (scene.border.crop ? ", cropped to a border" : ", inside a border");
  const samples = scene.engine === "CYCLES" ? scene.cycles.samples : scene.eeveeSamples;
  const denoised = scene.engine === "CYCLES" && scene.cycles.denoising;
  const { output, colorManagement: color } = scene;
  return [
    ["frames", `${scene.frameStart}-${scene.frameEnd}${step}, ${fps} a second`],
    ["size", `${size} at ${scene.resolutionPercentage} %${border ?? ""}`],
    ["engine", joined(scene.engine, samples !== null && `${samples} samples`, denoised && "denoised")],
    ["camera", scene.camera ?? "none"],
    ["other cameras", scene.cameras.filter((name) => name !== scene.camera).join(", ")],
    ["camera markers", scene.cameraMarkers.map(({ frame, camera }) => `${frame}: ${camera}`).join(", ")],
    ["view layers", scene.viewLayers.map(({ name, use }) => (use ? name : `${name} (off)`)).join(", ")],
    ["film", scene.filmTransparent ? "transparent" : ""],
    ["stereo", scene.stereo ? scene.stereo.views.map(({ name }) => name).join(", ") : ""],
    [
      "saves",
      joined(output.format, output.colorMode, output.colorDepth !== null && `${output.colorDepth} bits`, output.path),
    ],
    ["color", color ? joined(color.displayDevice, color.viewTransform, color.look) : ""],
    ["compositor", scene.compositor.use ? "used" : ""],
    ["file outputs", scene.compositor.fileOutputs.map(({ path }) => path).join(", ")],
    ["sequencer", scene.sequencer.use ? `used, ${scene.sequencer.strips} strips` : ""],
    ["sound", scene.hasSound ? "may be heard" : ""],
    ["background", scene.backgroundSet ?? ""],
  ].filter(([, value]) => value !== "");
}

function joined(...items: (string | false | null)[]): string {
  return items.filter((item) => item !== false && item !== null && item !== "").join(", ");
}

function indented(rows: string[][]): string {
  return table(rows.map((row) => row.map(printable))).replace(/^/gm, "  ");
}

/** Names in a file may hold anything, also what commands a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "\u{fffd}");
}
