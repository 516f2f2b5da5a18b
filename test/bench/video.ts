import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { aomColorArguments } from "#programs/ffmpeg/aom.ts";
import { kilobitsPerSecond } from "#programs/ffmpeg/bitrate.ts";
import { masterInput, type Encoding, type Pass } from "#programs/ffmpeg/encoding.ts";
import { findVideoTools } from "#programs/ffmpeg/video-tools.ts";
import { vpxArguments } from "#programs/ffmpeg/vpx.ts";
import { x264Arguments } from "#programs/ffmpeg/x264.ts";
import { findPreviewTools, makePreview } from "#programs/preview.ts";
import { probeSandbox } from "#programs/probe-sandbox.ts";
import { encodeVideo } from "#programs/video/encode.ts";
import type { VideoHost } from "#programs/video/order.ts";
import { run } from "../programs/fixtures/door.ts";
import { temporaryFolder } from "../support/program.ts";
import { figure, heading, seconds, timed } from "./report.ts";

const FRAMES = 24;
const SIZE = { width: 960, height: 540 };
const RATE = { numerator: 24, denominator: 1 };
const PREVIEWS = 5;

const FORMATS = {
  EXR_264_MP4: { bitrate: "h264", arguments: x264Arguments },
  EXR_AV1_MP4: { bitrate: "av1", arguments: aomColorArguments },
  EXR_VP9_WEBM: { bitrate: "vp9", arguments: vpxArguments },
} as const;

/**
 * Each format beside what plain FFmpeg takes for the same two passes on the same EXRs, with wrong colours and no check; the same frames with
 * alpha; and a preview beside ImageMagick's.
 */
export async function benchVideo(): Promise<void> {
  heading(`${FRAMES} frames of ${SIZE.width} x ${SIZE.height} of the example scene, as video`);
  const { path: folder, remove } = temporaryFolder();
  try {
    const host = { tools: await findVideoTools(run), sandbox: await probeSandbox("auto", run) };
    const scene = join(folder, "demo.blend");
    await blender("--python", "examples/make-demo-scene.py", "--", scene);
    const opaque = await render(scene, join(folder, "opaque"), { isTransparent: false, size: SIZE, frames: FRAMES });
    const holed = await render(scene, join(folder, "holed"), { isTransparent: true, size: SIZE, frames: FRAMES });
    for (const format of ["EXR_264_MP4", "EXR_AV1_MP4", "EXR_VP9_WEBM"] as const) {
      const ours = await timed(() => encode(host, format, opaque, join(folder, `${format}-opaque`)));
      const plain = await timed(() => encodePlainly(format, join(folder, "opaque"), join(folder, `${format}-plain`)));
      figure(format, perSecond(ours), `plain ffmpeg ${perSecond(plain)}`);
      const alpha = await timed(() => encode(host, format, holed, join(folder, `${format}-holed`)));
      const words =
        format === "EXR_264_MP4" ? "frames with alpha, on black" : "frames with alpha, and the copy for browsers";
      figure(`  ${words}`, perSecond(alpha), "plain ffmpeg loses alpha or its depth");
    }
    await benchPreview(scene, folder);
  } finally {
    remove();
  }
}

async function benchPreview(scene: string, folder: string): Promise<void> {
  const size = { width: 1920, height: 1080 };
  const [frame] = await render(scene, join(folder, "large"), { isTransparent: true, size, frames: 1 });
  const tools = await findPreviewTools(run);
  const preview = async (hasAlpha: boolean, only: Partial<typeof tools>): Promise<string> => {
    const options = { width: 960, hasAlpha, layer: null, exposure: 0 };
    const took = await timed(async () => {
      for (let time = 0; time < PREVIEWS; time++)
        await makePreview(frame!, join(folder, "preview.webp"), options, { ...tools, ...only }, run);
    });
    return seconds(took / PREVIEWS);
  };
  const reference = `ImageMagick, on black and clipped, ${await preview(false, { ffmpeg: null })}`;
  figure("preview of a frame of 1920 x 1080", await preview(false, {}), reference);
  figure("  with alpha", await preview(true, {}));
}

const perSecond = (took: number): string => `${(FRAMES / took).toFixed(1)} fps`;

async function encode(host: VideoHost, format: keyof typeof FORMATS, frames: string[], folder: string): Promise<void> {
  const rest = { rate: RATE, exposure: 0, sound: null, baseName: "video" };
  const order = { ...rest, frames, format, workFolder: `${folder}-work`, outputFolder: folder };
  const outcome = await encodeVideo(order, host, { run });
  if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
}

/** The encoder's own settings, with FFmpeg's own idea of how an EXR becomes a video. */
async function encodePlainly(format: keyof typeof FORMATS, frames: string, folder: string): Promise<void> {
  mkdirSync(folder);
  const { bitrate, arguments: argumentsOf } = FORMATS[format];
  const encoding: Encoding = {
    ...{ stream: 0, rate: RATE, size: SIZE, frames: FRAMES, statistics: "passes", output: "video" },
    kilobitsPerSecond: kilobitsPerSecond(bitrate, SIZE, RATE),
  };
  for (const pass of [1, 2] as const)
    await spawn(folder, plainly(argumentsOf("ffmpeg", encoding, pass as Pass), frames));
}

function plainly(argv: readonly string[], frames: string): string[] {
  const master = masterInput(RATE);
  const at = argv.findIndex((_, index) => master.every((argument, offset) => argv[index + offset] === argument));
  const input = ["-framerate", "24", "-start_number", "1", "-i", join(frames, "f_%04d.exr")];
  return argv.toSpliced(at, master.length, ...input).filter((argument) => argument !== "-noauto_conversion_filters");
}

async function render(
  scene: string,
  folder: string,
  options: { isTransparent: boolean; size: { width: number; height: number }; frames: number },
): Promise<string[]> {
  const { isTransparent, size, frames } = options;
  const set = [
    "import bpy",
    "scene = bpy.context.scene",
    "scene.cycles.samples = 2",
    `scene.render.film_transparent = ${isTransparent ? "True" : "False"}`,
    `scene.render.resolution_x, scene.render.resolution_y = ${size.width}, ${size.height}`,
    "image = scene.render.image_settings",
    "if hasattr(image, 'media_type'): image.media_type = 'IMAGE'",
    "image.file_format, image.color_mode, image.color_depth, image.exr_codec = 'OPEN_EXR', 'RGBA', '16', 'ZIP'",
  ].join("\n");
  await blender(scene, "--python-expr", set, "-o", join(folder, "f_####"), "-s", "1", "-e", String(frames), "-a");
  return Array.from({ length: frames }, (_, at) => join(folder, `f_${String(at + 1).padStart(4, "0")}.exr`));
}

const blender = (...args: string[]): Promise<void> => spawn(".", ["blender", "-b", "--factory-startup", ...args]);

async function spawn(cwd: string, argv: string[]): Promise<void> {
  const child = Bun.spawn(argv, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  const [complaints, exitCode] = await Promise.all([child.stderr.text(), child.exited]);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")} failed: ${complaints}`);
}
