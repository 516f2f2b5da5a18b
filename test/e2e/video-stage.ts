// Frames with known light, videos made of them, and a decoder for these, which shares no code with the check in src/.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findVideoTools } from "#programs/ffmpeg/video-tools.ts";
import type { RunProgram } from "#programs/command.ts";
import { probeSandbox } from "#programs/probe-sandbox.ts";
import { encodeVideo } from "#programs/video/encode.ts";
import type { VideoHost, VideoOrder, VideoOutcome, VideoWatch } from "#programs/video/order.ts";
import { run } from "../programs/fixtures/door.ts";
import { RGBA, sized, writeExr, type ExrSpec } from "../support/exr-writer.ts";

/** Straight colour, and alpha. */
export type Light = readonly [red: number, green: number, blue: number, alpha: number];

export const WIDTH = 320;
export const HEIGHT = 180;
const PATCH = { width: 40, height: 30 };

const grey = (light: number, alpha = 1): Light => [light, light, light, alpha];

/** Rows of patches; below them the light of `RAMP` rises from left to right. */
export const PATCHES: readonly (readonly Light[])[] = [
  [grey(0.18), grey(1), grey(4), grey(12), [1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1], grey(0)],
  [
    grey(1, 0.5),
    grey(4, 0.5),
    grey(0.18, 0.5),
    [1, 0, 0, 0.5],
    [0.8, 0.4, 0.1, 0.5],
    [0, 0, 1, 0.5],
    grey(12, 0.5),
    grey(0, 0.5),
  ],
  [
    [4, 0, 0, 0.25],
    grey(1, 0.25),
    grey(0.18, 0.25),
    grey(1, 0.1),
    grey(1, 0.75),
    grey(1, 0.9),
    grey(1, 0.99),
    grey(0, 0),
  ],
];
export const RAMP = { top: 150, from: 0.05, to: 0.5 };

/** Between the patches and the ramp an edge of alpha, with white behind it, moves to the right. */
const MOVING = { top: 90, from: 30, pixelsPerFrame: 9 };

function lightAt(x: number, y: number, frame: number): Light {
  const patch = PATCHES[Math.floor(y / PATCH.height)]?.[Math.floor(x / PATCH.width)];
  if (patch) return patch;
  if (y >= RAMP.top) return grey(RAMP.from + ((RAMP.to - RAMP.from) * x) / (WIDTH - 1));
  const edge = MOVING.from + MOVING.pixelsPerFrame * frame;
  return grey(1, Math.min(1, Math.max(0, (x - edge) / 40)));
}

/** What an EXR holds: light that is multiplied by alpha, as half floats. */
export function exrValue(frame: number): NonNullable<ExrSpec["value"]> {
  return (channel, x, y) => {
    const light = lightAt(x, y, frame);
    return channel === "A" ? light[3] : light["RGB".indexOf(channel)]! * light[3];
  };
}

export type Stage = VideoHost & { folder: string };

export async function setStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "video of Ann's ü, take 2; "));
  return { folder, tools: await findVideoTools(run), sandbox: await probeSandbox("auto", run) };
}

/** Writes frames into a folder of their own, numbered from 7 in steps of 2; returns their paths. */
export function writeFrames(stage: Stage, name: string, count: number, spec: (frame: number) => ExrSpec): string[] {
  const folder = join(stage.folder, name);
  mkdirSync(folder);
  return Array.from({ length: count }, (_, frame) => {
    const path = join(folder, `frame_${String(7 + 2 * frame).padStart(4, "0")}.exr`);
    writeFileSync(path, writeExr(spec(frame)));
    return path;
  });
}

/** The frames with patches. */
export function patchFrames(stage: Stage, name: string, count: number): string[] {
  return writeFrames(stage, name, count, (frame) => ({
    ...{ window: sized(WIDTH, HEIGHT), channels: RGBA, value: exrValue(frame) },
  }));
}

/** Small frames of one colour, multiplied by alpha. */
export function plainFrames(
  stage: Stage,
  name: string,
  options: { count?: number; size?: readonly [number, number]; light?: Light; spec?: Partial<ExrSpec> } = {},
): string[] {
  const { count = 3, size = [64, 36], light = grey(1), spec = {} } = options;
  const value = (channel: string): number => {
    const letter = channel.at(-1)!;
    return letter === "A" ? light[3] : light["RGB".indexOf(letter)]! * light[3];
  };
  return writeFrames(stage, name, count, () => ({ window: sized(...size), value, ...spec }));
}

/** Makes a video; the order's folders lie in the stage, under `name`. */
export function makeVideo(
  stage: Stage,
  name: string,
  order: Pick<VideoOrder, "frames" | "format"> & Partial<VideoOrder>,
  watch: VideoWatch = {},
): Promise<VideoOutcome> {
  return encodeVideo({ ...orderOf(stage, name), ...order }, stage, { run, ...watch });
}

/** What an order says besides its frames and format. */
export function orderOf(stage: Stage, name: string): Omit<VideoOrder, "frames" | "format"> {
  const folders = { workFolder: join(stage.folder, `${name}-work`), outputFolder: join(stage.folder, `${name}-out`) };
  return { ...folders, rate: { numerator: 24, denominator: 1 }, exposure: 0, sound: null, baseName: "video" };
}

/** The path of a file that must have come out. */
export function fileOf(outcome: VideoOutcome, name: string): string {
  const file = outcome.kind === "done" ? outcome.files.find((each) => each.name === name) : null;
  if (!file) throw new Error(`there is no ${name}: ${JSON.stringify(outcome)}`);
  return file.path;
}

export function namesOf(outcome: VideoOutcome): string[] {
  return outcome.kind === "done" ? outcome.files.map(({ name }) => name) : [JSON.stringify(outcome)];
}

/** A door that changes the command lines that pass through it, as a fault in the pipeline would. */
export function sabotaged(change: (argument: string) => string): RunProgram {
  return (command, options) => {
    const argv = command.argv.map(change) as [string, ...string[]];
    return run({ ...command, argv }, options);
  };
}

export function ffmpeg(...args: string[]): Buffer {
  const result = spawnSync("ffmpeg", ["-v", "error", "-nostdin", "-noauto_conversion_filters", "-y", ...args], {
    maxBuffer: 2 ** 30,
  });
  if (result.status !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${result.stderr}`);
  return result.stdout;
}

export function ffprobe(...args: string[]): unknown {
  const result = spawnSync("ffprobe", ["-v", "error", "-of", "json", ...args], { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`ffprobe ${args.join(" ")}: ${result.stderr}`);
  return JSON.parse(result.stdout);
}

/** Planes of decoded pictures of 320 x 180, in codes of ten bits. */
export type Decoded = { y: Float32Array; cb: Float32Array; cr: Float32Array; a: Float32Array };

const SIZES = { yuv420p10le: [1, 0.25, 0.25], gray10le: [1], yuva420p: [1, 0.25, 0.25, 1] } as const;

/** Decodes all frames of a stream, of which nothing may have to be converted. */
export function decode(
  path: string,
  format: keyof typeof SIZES,
  options: { stream?: number; decoder?: string } = {},
): Decoded[] {
  const { stream = 0, decoder } = options;
  const input = [...(decoder ? ["-c:v", decoder] : []), "-i", path, "-map", `0:v:${stream}`];
  const bytes = ffmpeg(...input, "-f", "rawvideo", "-pix_fmt", format, "-");
  const isWide = format !== "yuva420p";
  const samples = isWide ? new Uint16Array(new Uint8Array(bytes).buffer) : new Uint8Array(bytes);
  const pixels = WIDTH * HEIGHT;
  const perFrame = SIZES[format].reduce((sum: number, share) => sum + share * pixels, 0);
  const luma = (code: number): number => (isWide ? code : (code * 1023) / 255);
  const chroma = (code: number): number => (isWide ? code : ((code - 128) * 1023) / 255 + 512);
  return Array.from({ length: samples.length / perFrame }, (_, frame) => {
    let at = frame * perFrame;
    const planes = SIZES[format].map((share, plane) => {
      const start = at;
      at += share * pixels;
      return Float32Array.from(samples.subarray(start, at), plane === 1 || plane === 2 ? chroma : luma);
    });
    const none = new Float32Array(0);
    return { y: planes[0]!, cb: planes[1] ?? none, cr: planes[2] ?? none, a: planes[3] ?? none };
  });
}

/** The mean of a plane in the middle of a patch, away from its edges. */
export function patchMean(plane: Float32Array, row: number, column: number): number {
  const scale = plane.length === WIDTH * HEIGHT ? 1 : 2;
  const width = WIDTH / scale;
  const margin = 6 / scale;
  const [left, top] = [(column * PATCH.width) / scale + margin, (row * PATCH.height) / scale + margin];
  const [right, bottom] = [left + PATCH.width / scale - 2 * margin, top + PATCH.height / scale - 2 * margin];
  let [sum, count] = [0, 0];
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++, count++) sum += plane[y * width + x]!;
  return sum / count;
}
