import { checkExr, type ExrSummary } from "#formats/exr/check.ts";
import { ExrError } from "#formats/exr/error.ts";
import { channelIn, shownLayer } from "#formats/exr/shown-layer.ts";
import type { ExrCompression } from "#formats/exr/compression.ts";
import { withBytes } from "../open-bytes.ts";
import { VideoError } from "./video-error.ts";

/** What all frames of a video must have in common. */
export type FrameShape = {
  width: number;
  height: number;
  hasAlpha: boolean;
  /** The layer that is shown, of a file that has several; null for a plain one. */
  layer: string | null;
};

export type Frame = FrameShape & { bytes: number };

/** FFmpeg reads these without an error in any value, but for those of DWA, which are small where it is of half floats and one layer. */
const EXACT: readonly ExrCompression[] = ["none", "rle", "zips", "zip", "piz", "pxr24"];
const LOSSY: readonly ExrCompression[] = ["dwaa", "dwab"];

/**
 * Reads the shape of a frame and proves that it is whole. Throws a VideoError for a file that FFmpeg would read wrongly without a word:
 * one that breaks off comes out half black, and DWA of single floats has wrong alpha.
 */
export async function readFrame(path: string): Promise<Frame> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return withBytes(path, async (source) => ({ ...shapeOf(await checkExr(source), name), bytes: source.size })).catch(
    (error: unknown) => {
      if (error instanceof ExrError) throw refused(name, error.message);
      if (isMissing(error)) throw refused(name, "The file is not there.");
      throw error;
    },
  );
}

/** Throws a VideoError when a frame differs from the first. */
export function expectSameShape(path: string, found: FrameShape, first: FrameShape): void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const size = ({ width, height }: FrameShape): string => `${width} x ${height}`;
  if (size(found) !== size(first)) {
    throw refused(name, `It has ${size(found)} pixels, and the first frame ${size(first)}.`);
  }
  if (found.hasAlpha !== first.hasAlpha || found.layer !== first.layer) {
    throw refused(name, "Its channels are not those of the first frame.");
  }
}

function shapeOf(exr: ExrSummary, name: string): FrameShape {
  const refuse = (why: string): VideoError => refused(name, why);
  const { compression, displayWindow, parts, width, height } = exr;
  if (parts.length > 1) throw refuse("It has several parts, which cannot be made into a video.");
  if (parts[0]!.storage !== "scanlineimage") throw refuse("It is not stored in lines, as Blender does.");
  if (displayWindow.xMin !== 0 || displayWindow.yMin !== 0) throw refuse("Its display window does not begin at 0, 0.");
  if (width < 2 || height < 2) throw refuse("It is too small for a video.");
  const layer = shownLayer(exr.layers);
  const channel = (letter: "R" | "G" | "B" | "A") => exr.channels.find(({ name }) => name === channelIn(layer, letter));
  const shown = (["R", "G", "B", "A"] as const).flatMap((letter) => channel(letter) ?? []);
  if (!channel("R") || !channel("G") || !channel("B")) throw refuse("It has no red, green and blue.");
  if (shown.some(({ type, xSampling, ySampling }) => type === "uint" || xSampling > 1 || ySampling > 1)) {
    throw refuse("Its colours are no floating-point numbers, one for each pixel.");
  }
  const isHalfAlone = layer === null && exr.channels.every(({ type }) => type === "half");
  if (!EXACT.includes(compression) && !(LOSSY.includes(compression) && isHalfAlone)) {
    throw refuse(`It is compressed with ${compression.toUpperCase()}, which FFmpeg does not read rightly; use ZIP.`);
  }
  return { width, height, hasAlpha: channel("A") !== undefined, layer };
}

function refused(name: string, why: string): VideoError {
  return new VideoError("bad_output", `${name} cannot go into a video: ${why}`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
