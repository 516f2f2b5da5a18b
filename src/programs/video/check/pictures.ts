import { rm } from "node:fs/promises";
import { decodeArguments, exrPlanesArguments } from "../../ffmpeg/decode.ts";
import { withBytes } from "../../open-bytes.ts";
import type { FrameShape } from "../frame-shape.ts";
import type { Making } from "../making.ts";
import { videoSize } from "../streams.ts";
import { VideoError } from "../video-error.ts";
import { decodedMeans, expectedMeans, pictureBytes, type BlockMeans, type PixelFormat } from "./block-means.ts";

/** Pictures as they are in memory; a file of them is read and removed at once. */
const PLANES_FILE = "checked.raw";

/** What some of the frames must look like in a video. */
export async function expectedPictures(
  making: Making,
  shape: FrameShape,
  samples: readonly number[],
  isOnBlack: boolean,
): Promise<BlockMeans[]> {
  const { order, tools, ffmpeg, workspace, signal } = making;
  const { hasAlpha, layer } = shape;
  const picture = { size: videoSize(shape), hasAlpha, isOnBlack, gain: 2 ** order.exposure };
  const pictures: BlockMeans[] = [];
  for (const sample of samples) {
    await making.fetchFrame(sample);
    const exr = { path: order.frames[sample]!, layer, hasAlpha, output: PLANES_FILE };
    await ffmpeg.run(exrPlanesArguments(tools.ffmpeg, exr), { signal });
    pictures.push(await withBytes(workspace.path(PLANES_FILE), (source) => expectedMeans(source, picture)));
    await rm(workspace.path(PLANES_FILE));
  }
  return pictures;
}

/** A stream of a file, and how it is decoded. */
export type StreamToDecode = { file: string; stream: number; format: PixelFormat; decoder: string | null };

/** Decodes a whole stream, and returns what some of its frames look like. Throws a VideoError when frames are missing or damaged. */
export async function decodedPictures(
  making: Making,
  shape: FrameShape,
  samples: readonly number[],
  { format, ...stream }: StreamToDecode,
): Promise<BlockMeans[]> {
  const { tools, ffmpeg, workspace, signal, meter, order } = making;
  const size = videoSize(shape);
  const decoding = { ...stream, pixelFormat: format, samples, output: PLANES_FILE };
  const onFrame = (frame: number): void => meter.at("checking", null, frame);
  const { frames } = await ffmpeg.run(decodeArguments(tools.ffmpeg.path, decoding), { signal, onFrame });
  if (frames !== order.frames.length) {
    throw new VideoError("bad_output", `of ${order.frames.length} frames ${frames} can be decoded`);
  }
  const pictures = await withBytes(workspace.path(PLANES_FILE), async (source) => {
    const bytes = pictureBytes(format, size);
    if (source.size !== samples.length * bytes) throw new VideoError("bad_output", "its pictures have another size");
    const found: BlockMeans[] = [];
    for (const number of samples.keys()) found.push(await decodedMeans(source, number * bytes, { size, format }));
    return found;
  });
  await rm(workspace.path(PLANES_FILE));
  return pictures;
}
