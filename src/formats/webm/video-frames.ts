import { frameTimeMs, type FrameRate } from "../frame-rate.ts";
import type { ByteSource } from "../exr/byte-source.ts";
import { ivfFrames, type IvfFrame } from "../ivf.ts";
import { readVp9Frame, VP9_HEAD_BYTES } from "../vp9.ts";
import { windowed } from "../windowed-source.ts";

/** The pictures of a video, in IVF files of the same length: its colour, and its alpha as another picture's luma. */
export type VideoSources = { color: ByteSource; alpha: ByteSource | null };

export type VideoFrame = { timeMs: number; isKey: boolean; color: IvfFrame; alpha: IvfFrame | null };

/**
 * Goes through the frames of both files at once. Throws an Error when one has more than the other, and when alpha has no key frame where
 * colour has one: a player that seeks there would show it with old alpha, or not at all.
 */
export async function* videoFrames(sources: VideoSources, rate: FrameRate): AsyncGenerator<VideoFrame, undefined> {
  const alphas = sources.alpha ? ivfFrames(sources.alpha) : null;
  const colorHeads = windowed(sources.color);
  const alphaHeads = sources.alpha ? windowed(sources.alpha) : null;
  let number = 0;
  for await (const color of ivfFrames(sources.color)) {
    const alpha = (await alphas?.next())?.value ?? null;
    if (alphas && !alpha) throw new Error(`There are only ${number} frames of alpha.`);
    const isKey = await isKeyFrame(colorHeads, color);
    if (isKey && alpha && alphaHeads && !(await isKeyFrame(alphaHeads, alpha)))
      throw new Error(`Frame ${number} is a key frame in colour, but not in alpha.`);
    yield { timeMs: frameTimeMs(number, rate), isKey, color, alpha };
    number += 1;
  }
  if (alphas && !(await alphas.next()).done) throw new Error(`There are only ${number} frames of colour.`);
}

async function isKeyFrame(source: ByteSource, { offset, size }: IvfFrame): Promise<boolean> {
  return readVp9Frame(await source.read(offset, Math.min(size, VP9_HEAD_BYTES))).isKey;
}
