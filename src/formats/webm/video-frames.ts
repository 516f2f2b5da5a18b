import type { ByteSource } from "../exr/byte-source.ts";
import { ivfFrames, type IvfFrame } from "../ivf.ts";
import { readVp9Frame, VP9_HEAD_BYTES } from "../vp9.ts";
import { windowed } from "../windowed-source.ts";

/** Frames a second, as a fraction: 23.976 is 24000/1001. */
export type FrameRate = { numerator: number; denominator: number };

/** The pictures of a video, in IVF files of the same length: its colour, and its alpha as another picture's luma. */
export type VideoSources = { color: ByteSource; alpha: ByteSource | null };

export type VideoFrame = { timeMs: number; isKey: boolean; color: IvfFrame; alpha: IvfFrame | null };

/** When a frame is shown. Each is rounded for itself, so that nothing adds up over hours. */
export function frameTimeMs(frame: number, { numerator, denominator }: FrameRate): number {
  return Math.round((frame * 1000 * denominator) / numerator);
}

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
