import { createHash } from "node:crypto";
import { constants, copyFile, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isOutputName } from "#domain/output.ts";
import { systemClock } from "#system/clock.ts";
import type { MasterKind } from "../ffmpeg/convert.ts";
import { secondsOf } from "../ffmpeg/mux.ts";
import { missingFor, type VideoTools } from "../ffmpeg/video-tools.ts";
import { runProgram } from "../spawn.ts";
import { checkProducts } from "./check/check-products.ts";
import { sampleFrames } from "./check/sample-frames.ts";
import { diskNeed, expectRoom } from "./disk-need.ts";
import { FfmpegRunner } from "./ffmpeg-runner.ts";
import { readFrame } from "./frame-shape.ts";
import { joinStreams } from "./join-streams.ts";
import type { Making } from "./making.ts";
import { makeMaster } from "./master.ts";
import type { VideoFile, VideoHost, VideoOrder, VideoOutcome, VideoWatch } from "./order.ts";
import { partsOf } from "./parts.ts";
import { productsOf, type Product } from "./product.ts";
import { ProgressMeter } from "./progress.ts";
import { encodeStreams, videoSize } from "./streams.ts";
import { VideoError } from "./video-error.ts";
import { Workspace } from "./workspace.ts";

/**
 * Makes a video of EXRs: always HLG of ten bits at full range, with alpha where it is used and the format can have it. Nothing is delivered
 * that was not checked against the frames. Throws only when the order cannot be tried at all, or a callback throws.
 */
export async function encodeVideo(order: VideoOrder, host: VideoHost, watch: VideoWatch = {}): Promise<VideoOutcome> {
  if (order.frames.length === 0) throw new RangeError("a video has at least one frame");
  if (!isOutputName(order.baseName)) throw new RangeError(`${order.baseName} is no name for a file`);
  const signal = watch.signal ?? new AbortController().signal;
  try {
    return await make(order, host, { ...watch, signal });
  } catch (error) {
    if (signal.aborted) return { kind: "aborted" };
    if (isFullDisk(error)) return { kind: "failed", reason: "disk_full", message: "The disk is full." };
    if (error instanceof VideoError) return { kind: "failed", reason: error.reason, message: error.message };
    throw error;
  }
}

async function make(
  order: VideoOrder,
  host: VideoHost,
  watch: VideoWatch & { signal: AbortSignal },
): Promise<VideoOutcome> {
  const tools = usableTools(order, host);
  const workspace = await Workspace.open(order.workFolder, identityOf(order, tools));
  const making = makingOf(order, { tools, sandbox: host.sandbox }, workspace, watch);

  await making.fetchFrame(0);
  const first = await readFrame(order.frames[0]!);
  const kind = masterKind(order, first.hasAlpha);
  const frames = order.frames.length;
  await expectRoom(workspace.folder, diskNeed({ ...order, kind, frame: first, frames }));

  making.meter.plan(partsOf(order.format, kind === "alpha"));
  const hasAlpha = await makeMaster(making, kind, first);
  making.meter.plan(partsOf(order.format, hasAlpha));
  const size = videoSize(first);
  await encodeStreams(making, size, hasAlpha);
  const products = productsOf(order, hasAlpha);
  await joinStreams(making, products);
  // What did not pass the check would not pass it a second time: the next attempt has to begin anew.
  await checkProducts(making, products, first).catch(async (error: unknown) => {
    if (error instanceof VideoError && error.reason === "bad_output") await workspace.clear();
    throw error;
  });
  const isCropped = size.width !== first.width || size.height !== first.height;
  const files = await deliver(order, workspace, products);
  return { kind: "done", files, size, isCropped, hasAlpha, durationSeconds: secondsOf({ frames, rate: order.rate }) };
}

function usableTools(order: VideoOrder, { tools }: VideoHost): VideoTools {
  const missing = missingFor(order.format, tools, order.sound !== null);
  if (tools && missing.length === 0) return tools;
  throw new VideoError(
    "encoder_unavailable",
    `This machine lacks ${missing.join(", ")}, without which there is no video.`,
  );
}

function makingOf(
  order: VideoOrder,
  host: { tools: VideoTools; sandbox: VideoHost["sandbox"] },
  workspace: Workspace,
  watch: VideoWatch & { signal: AbortSignal },
): Making {
  const { onProgress = () => {}, onLine = () => {}, run = runProgram, clock = systemClock, signal } = watch;
  const samples = new Set(sampleFrames(order.frames.length));
  const folders = new Set(order.frames.map((path) => dirname(path)));
  const readable = [...folders, ...(order.sound ? [order.sound.path] : [])];
  return {
    ...{ order, workspace, signal, tools: host.tools },
    ffmpeg: new FfmpegRunner({ sandbox: host.sandbox, folder: workspace.folder, readable, run, onLine }),
    meter: new ProgressMeter({ frames: order.frames.length, clock, tell: onProgress }),
    fetchFrame: async (index) => watch.fetchFrame?.(index),
    releaseFrame: async (index) => {
      if (!samples.has(index)) await watch.releaseFrame?.(index);
    },
  };
}

/** H.264 has no alpha. */
function masterKind({ format }: VideoOrder, hasAlpha: boolean): MasterKind {
  if (!hasAlpha) return "opaque";
  return format === "EXR_264_MP4" ? "on_black" : "alpha";
}

/** What was begun for one order is of no use for another, nor for another FFmpeg. */
function identityOf({ frames, rate, format, exposure, sound, baseName }: VideoOrder, { ffmpeg }: VideoTools): string {
  const identity = { frames, rate, format, exposure, sound, baseName, ffmpeg: ffmpeg.version };
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex");
}

/** Copies the files to where they are wanted, where they appear under their names only when they are whole. The originals may be asked for again. */
async function deliver(order: VideoOrder, workspace: Workspace, products: readonly Product[]): Promise<VideoFile[]> {
  await mkdir(order.outputFolder, { recursive: true });
  const files: VideoFile[] = [];
  for (const { name, file } of products) {
    const path = join(order.outputFolder, name);
    const partial = `${path}.part`;
    await copyFile(workspace.path(file), partial, constants.COPYFILE_FICLONE);
    await rename(partial, path);
    files.push({ name, path });
  }
  return files;
}

function isFullDisk(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
