import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RenderOrder, RenderOverrides } from "#programs/blender/order.ts";
import type { RenderEvent } from "#programs/blender/render-event.ts";
import { renderFrames, type RenderOutcome, type RenderWatch } from "#programs/blender/render.ts";
import type { BlenderHost } from "#programs/blender/run-script.ts";
import { probeSandbox } from "#programs/probe-sandbox.ts";
import { programRunner } from "#programs/spawn.ts";

/** The Blender to test with; by hand also others: JIGGABLEND_TEST_BLENDER=/path/to/blender bun test test/e2e/blender */
const BLENDER = process.env["JIGGABLEND_TEST_BLENDER"] ?? Bun.which("blender") ?? "blender";

export const run = programRunner([process.execPath, join(import.meta.dir, "../programs/fixtures/main.ts")]);

/** A folder with the scenes of blender-scenes.py, and the Blender that made them. */
export type Stage = BlenderHost & { folder: string; projectFolder: string };

/** Makes the scenes; takes some seconds. */
export async function setStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "blender-test-"));
  const projectFolder = join(folder, "scenes");
  const script = join(import.meta.dir, "blender-scenes.py");
  const argv = ["-b", "--factory-startup", "--python-exit-code", "97", "--python", script, "--", projectFolder];
  const made = spawnSync(BLENDER, argv, { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`the scenes could not be made:\n${made.stdout}\n${made.stderr}`);
  return {
    folder,
    projectFolder,
    blender: BLENDER,
    sandbox: await probeSandbox("auto", run),
    homeFolder: join(folder, "home"),
  };
}

export function clearStage(stage: Stage | undefined): void {
  if (stage) rmSync(stage.folder, { recursive: true, force: true });
}

export type Wish = Partial<Omit<RenderOrder, "overrides">> & Partial<RenderOverrides>;
export type Played = RenderOutcome & { events: RenderEvent[]; lines: string[] };

/** Renders frame 1 of a scene as it is, but for the wishes. */
export async function render(
  stage: Stage,
  mainFile: string,
  wish: Wish = {},
  watch: RenderWatch = {},
): Promise<Played> {
  const { scene = null, camera = null, engine = null, samples = null, resolutionPercentage = null, ...rest } = wish;
  const order: RenderOrder = {
    ...stage,
    mainFile,
    frames: [1],
    outputFolder: mkdtempSync(join(stage.folder, "out {blend_name} #1 ü-")),
    overrides: { scene, camera, engine, samples, resolutionPercentage },
    addons: [],
    device: "auto",
    persistentData: false,
    hangSeconds: 120,
    frameTimeLimitSeconds: null,
    ...rest,
  };
  const events: RenderEvent[] = [];
  const lines: string[] = [];
  const outcome = await renderFrames(order, {
    run,
    ...watch,
    onEvent: async (event) => {
      events.push(event);
      await watch.onEvent?.(event);
    },
    onLine: (line) => void lines.push(line),
  });
  return { ...outcome, events, lines };
}

/** The warnings of a rendering, as `code: message`. */
export function warnings({ events }: Played): string[] {
  return events.flatMap((event) => (event.type === "warning" ? [`${event.code}: ${event.message}`] : []));
}

/** The names of all files of a rendering. */
export function fileNames({ frames }: Played): string[] {
  return frames.flatMap((frame) => frame.files.map((file) => file.name));
}

export type Picture = {
  width: number;
  height: number;
  at: (x: number, y: number) => [r: number, g: number, b: number, a: number];
};

/** Reads the pixels of an EXR with FFmpeg. */
export function readPicture(played: Played, name: string): Picture {
  const path = played.frames.flatMap((frame) => frame.files).find((file) => file.name === name)?.path;
  if (path === undefined) throw new Error(`no ${name} among ${fileNames(played).join(", ")}`);
  const probe = spawnSync("ffprobe", [
    "-v",
    "error",
    "-f",
    "exr_pipe",
    "-show_entries",
    "stream=width,height,pix_fmt",
    "-of",
    "csv=p=0",
    path,
  ]);
  const [width = 0, height = 0, format] = probe.stdout
    .toString()
    .trim()
    .split(",")
    .map((text) => Number(text) || text) as [number, number, string];
  const raw = spawnSync(
    "ffmpeg",
    ["-v", "error", "-f", "exr_pipe", "-i", path, "-f", "rawvideo", "-pix_fmt", "gbrapf32le", "-"],
    { maxBuffer: 2 ** 28 },
  );
  if (format !== "gbrapf32le") throw new Error(`${name} has no alpha: ${format}`);
  const plane = (index: number, x: number, y: number): number =>
    raw.stdout.readFloatLE(4 * (index * width * height + y * width + x));
  return { width, height, at: (x, y) => [plane(2, x, y), plane(0, x, y), plane(1, x, y), plane(3, x, y)] };
}
