import { constants, copyFile, mkdir } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { HLG_CODE_POINTS } from "#formats/color/code-points.ts";
import { markAlpha } from "#formats/mp4/mark-alpha.ts";
import { muxWebm } from "#formats/webm/mux.ts";
import { avifArguments, mp4Arguments, webmWithSoundArguments } from "../ffmpeg/mux.ts";
import { withBytes } from "../open-bytes.ts";
import type { Making } from "./making.ts";
import { PRODUCTS_FOLDER, type Product } from "./product.ts";
import { STREAM_FILES } from "./streams.ts";

/** Joins streams of pictures and sound into the files that are to be delivered. */
export async function joinStreams(making: Making, products: readonly Product[]): Promise<void> {
  const { workspace, meter, order } = making;
  await mkdir(workspace.path(PRODUCTS_FOLDER), { recursive: true });
  for (const [number, product] of products.entries()) {
    await workspace.step(`joined-${number + 1}`, () => joinProduct(making, product));
    meter.at("joining", null, Math.round((order.frames.length * (number + 1)) / products.length));
  }
}

function joinProduct(making: Making, product: Product): Promise<void> {
  switch (product.container) {
    case "mp4":
      return joinMp4(making, product);
    case "avif":
      return joinAvif(making, product);
    case "webm":
      return product.bits === 8 ? addSound(making, STREAM_FILES.EXR_VP9_WEBM.web, product) : joinWebm(making, product);
    default:
      return product.container satisfies never;
  }
}

/** The alpha track is marked last: FFmpeg would take the marks away when it copies. */
async function joinMp4(making: Making, product: Product): Promise<void> {
  const { order, tools, ffmpeg, signal } = making;
  const { color, alpha } = STREAM_FILES.EXR_AV1_MP4;
  const videos = product.hasAlpha ? [color, alpha] : [color];
  const output = product.hasAlpha ? "unmarked.mp4" : product.file;
  const length = { frames: order.frames.length, rate: order.rate };
  await ffmpeg.run(mp4Arguments(tools.ffmpeg.path, { videos, sound: order.sound, output }, length), { signal });
  if (product.hasAlpha) await mark(making, output, product);
}

/** FFmpeg before 6 leaves out the mark that says what the second track is. */
async function joinAvif(making: Making, product: Product): Promise<void> {
  const { tools, ffmpeg, signal } = making;
  const { color, alpha } = STREAM_FILES.EXR_AV1_MP4;
  const output = "unmarked.avif";
  await ffmpeg.run(avifArguments(tools.ffmpeg.path, { color, alpha, output }), { signal });
  await mark(making, output, product);
}

async function mark({ workspace, signal }: Making, unmarked: string, product: Product): Promise<void> {
  await withBytes(workspace.path(unmarked), (source) =>
    pipeline(markAlpha(source), createWriteStream(workspace.path(product.file)), { signal }),
  );
}

async function joinWebm(making: Making, product: Product): Promise<void> {
  const { workspace, order, signal } = making;
  const { color, alpha } = STREAM_FILES.EXR_VP9_WEBM;
  const silent = "silent.webm";
  const options = { rate: order.rate, codePoints: HLG_CODE_POINTS };
  await withBytes(workspace.path(color), (colorSource) => {
    const write = (sources: Parameters<typeof muxWebm>[0]): Promise<void> =>
      pipeline(muxWebm(sources, options), createWriteStream(workspace.path(silent)), { signal });
    if (!product.hasAlpha) return write({ color: colorSource, alpha: null });
    return withBytes(workspace.path(alpha), (alphaSource) => write({ color: colorSource, alpha: alphaSource }));
  });
  await addSound(making, silent, product);
}

async function addSound(making: Making, video: string, product: Product): Promise<void> {
  const { order, tools, ffmpeg, workspace, signal } = making;
  const { sound } = order;
  if (!sound) return copyFile(workspace.path(video), workspace.path(product.file), constants.COPYFILE_FICLONE);
  const length = { frames: order.frames.length, rate: order.rate };
  const files = { video, sound, output: product.file };
  await ffmpeg.run(webmWithSoundArguments(tools.ffmpeg.path, files, length), { signal });
}
