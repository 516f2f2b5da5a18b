import type { FrameRate } from "../frame-rate.ts";
import type { CodePoints } from "../color/code-points.ts";
import { readIvfHeader, type IvfFrame } from "../ivf.ts";
import type { ByteSource } from "../exr/byte-source.ts";
import { readVp9Frame, VP9_HEAD_BYTES } from "../vp9.ts";
import { blockFrame } from "./block.ts";
import { clusterHead, layOutClusters } from "./clusters.ts";
import { ebmlHead, segmentHead } from "./segment-head.ts";
import { videoFrames, type VideoSources } from "./video-frames.ts";

/**
 * Puts VP9 from IVF files into a WebM, with alpha as BlockAdditional 1 where there is any (AlphaMode 1), and yields its bytes in order. It
 * goes through the files twice: once for the sizes of the clusters, which then stand in the cues at the front, once for the frames. Of the
 * video it holds no more than one frame. Throws an Error when the files are no VP9 or do not fit together.
 */
export async function* muxWebm(
  sources: VideoSources,
  options: { rate: FrameRate; codePoints: CodePoints },
): AsyncGenerator<Uint8Array, undefined> {
  const { rate, codePoints } = options;
  const { width, height, codec } = await readIvfHeader(sources.color);
  if (codec !== "VP90") throw new Error(`This is ${codec}, not VP9.`);
  const clusters = await layOutClusters(videoFrames(sources, rate));
  const first = await firstFrame(sources, rate);
  const frames = clusters.reduce((sum, cluster) => sum + cluster.frames, 0);
  const hasAlpha = sources.alpha !== null;
  yield ebmlHead();
  yield segmentHead({ width, height, ...first, codePoints, hasAlpha, rate, frames }, clusters);

  const toCome = videoFrames(sources, rate);
  let previousMs = 0;
  for (const cluster of clusters) {
    yield clusterHead(cluster);
    for (let i = 0; i < cluster.frames; i++) {
      const { value: frame } = await toCome.next();
      if (!frame) throw new Error("A file became shorter while it was read.");
      const { before, between, after } = blockFrame(frame, cluster.timeMs, previousMs);
      previousMs = frame.timeMs;
      yield before;
      yield await picture(sources.color, frame.color);
      yield between;
      if (sources.alpha && frame.alpha) yield await picture(sources.alpha, frame.alpha);
      yield after;
    }
  }
}

async function firstFrame(
  sources: VideoSources,
  rate: FrameRate,
): Promise<{ profile: number; bitDepth: number; isFullRange: boolean }> {
  const { value: frame } = await videoFrames(sources, rate).next();
  if (!frame) throw new Error("There are no frames.");
  const { profile, color } = readVp9Frame(await sources.color.read(frame.color.offset, VP9_HEAD_BYTES));
  if (!color) throw new Error("The first frame is no key frame.");
  return { profile, ...color };
}

async function picture(source: ByteSource, { offset, size }: IvfFrame): Promise<Uint8Array> {
  const bytes = await source.read(offset, size);
  if (bytes.byteLength !== size) throw new Error("A file became shorter while it was read.");
  return bytes;
}
