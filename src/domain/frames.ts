import { AppError } from "./app-error.ts";

/** The most frames that one job may have. */
export const MAX_FRAMES = 100_000;

/** Blender's own last frame number (MAXFRAME in DNA_scene_types.h, 1048574). */
export const LAST_FRAME = 1_048_574;

const PART = /^(\d+)(?:-(\d+)(?:x(\d+))?)?$/;

/**
 * Reads `1-100`, `1-100x5` (every fifth), `1,7,20-30` and mixtures of them.
 * Returns the frame numbers in rising order, each once. Throws `invalid_frames` with the sentence that says what is wrong.
 */
export function parseFrames(text: string): number[] {
  const frames = new Set<number>();
  for (const part of text.split(",").map((piece) => piece.trim())) addPart(frames, part);
  return [...frames].sort((a, b) => a - b);
}

function addPart(frames: Set<number>, part: string): void {
  const match = PART.exec(part);
  if (!match)
    throw invalid(`"${part.slice(0, 40)}" is not a frame or a range. Write frames as 1-100, 1-100x5 or 1,7,20-30.`);
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  const step = match[3] === undefined ? 1 : Number(match[3]);
  if (first > LAST_FRAME || last > LAST_FRAME) throw invalid(`Frame numbers end at ${LAST_FRAME}, as in Blender.`);
  if (last < first) throw invalid(`The range ${part} ends before it starts; write ${last}-${first}.`);
  if (step < 1) throw invalid(`The range ${part} has a step of 0; the step is at least 1.`);
  if ((last - first) / step + 1 > MAX_FRAMES) throw tooMany();
  for (let frame = first; frame <= last; frame += step) frames.add(frame);
  if (frames.size > MAX_FRAMES) throw tooMany();
}

/** Writes frames as briefly as `parseFrames` reads them: runs of three or more become ranges, with a step where there is one. */
export function formatFrames(frames: readonly number[]): string {
  const sorted = [...new Set(frames)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length;) {
    const length = runLength(sorted, i);
    const first = sorted[i]!;
    if (length < 3) {
      parts.push(String(first));
      i += 1;
      continue;
    }
    const step = sorted[i + 1]! - first;
    parts.push(`${first}-${sorted[i + length - 1]!}${step === 1 ? "" : `x${step}`}`);
    i += length;
  }
  return parts.join(",");
}

function runLength(sorted: readonly number[], start: number): number {
  if (start + 1 >= sorted.length) return 1;
  const step = sorted[start + 1]! - sorted[start]!;
  let end = start + 1;
  while (end + 1 < sorted.length && sorted[end + 1]! - sorted[end]! === step) end += 1;
  return end - start + 1;
}

/** The frames of a scene's own range with its own step, as Blender's `-a` renders them. */
export function sceneFrames(start: number, end: number, step: number): string {
  if (end <= start) return String(start);
  return step > 1 ? `${start}-${end}x${step}` : `${start}-${end}`;
}

/** The number of a frame as it stands in file names: four digits or more. */
export function frameNumber(frame: number): string {
  return String(frame).padStart(4, "0");
}

/** The name under which a frame's picture is filed. */
export function frameName(frame: number): string {
  return `frame_${frameNumber(frame)}.exr`;
}

function invalid(message: string): AppError {
  return new AppError("invalid_frames", message);
}

function tooMany(): AppError {
  return invalid(`A job has at most ${MAX_FRAMES} frames; split it into several jobs.`);
}
