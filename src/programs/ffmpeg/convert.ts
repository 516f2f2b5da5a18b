import type { FrameRate } from "#formats/frame-rate.ts";
import type { FfmpegAbilities } from "./abilities.ts";
import { ffmpegCommandLine, rateText } from "./command-line.ts";
import type { PictureSize } from "./encoding.ts";
import { ALPHA_AS_LUMA, EVEN, hlg, linearLight, straight, type ColorTransform } from "./filters.ts";

/**
 * What a video needs of its frames:
 * - `opaque`: they have no alpha channel;
 * - `on_black`: they have one, and lie on black, as colour that is multiplied by alpha does of itself;
 * - `alpha`: colour that is not multiplied, and alpha as the luma of a second stream.
 */
export type MasterKind = "opaque" | "on_black" | "alpha";

/** Frames to convert: `folder` holds them as f_000001.exr and so on, without a gap. */
export type Conversion = {
  folder: string;
  kind: MasterKind;
  size: PictureSize;
  rate: FrameRate;
  /** The layer to take, of an EXR that has several. */
  layer: string | null;
  exposure: number;
  output: string;
};

export const FRAME_PATTERN = "f_%06d.exr";

/** FFV1 loses nothing; each frame stands for itself, and has a checksum unless it is too small to be cut into slices. */
function lossless({ width, height }: PictureSize): string[] {
  const sliced = ["-level", "3", "-slices", "4", "-slicecrc", "1"];
  return ["-c:v", "ffv1", "-g", "1", ...(Math.min(width, height) < SMALLEST_SLICED ? ["-level", "1"] : sliced)];
}

const SMALLEST_SLICED = 16;

/** Returns the arguments by which FFmpeg makes a piece of the lossless master, from which all passes of all encoders read. */
export function convertArguments(ffmpeg: FfmpegAbilities, conversion: Conversion): [string, ...string[]] {
  const { folder, kind, rate, layer, output } = conversion;
  const transform = { gain: 2 ** conversion.exposure, hasAlphaModes: ffmpeg.hasAlphaModes };
  return ffmpegCommandLine(
    ffmpeg.path,
    ...(layer === null ? [] : ["-layer", layer]),
    ...["-framerate", rateText(rate), "-start_number", "1", "-i", `${folder}/${FRAME_PATTERN}`],
    ...["-filter_complex", chain(kind, transform, alphaReportOf(output))],
    ...["-map", "[color]", ...(kind === "alpha" ? ["-map", "[alpha]"] : [])],
    ...["-color_range", "pc", ...lossless(conversion.size), "-f", "matroska", output],
  );
}

/** The file in which FFmpeg notes the smallest alpha of each frame of a piece. */
export function alphaReportOf(piece: string): string {
  return `${piece}.alpha`;
}

/** Reads such a note: whether a pixel was anything else than opaque. */
export function tellsOfAlpha(report: string): boolean {
  const smallest = [...report.matchAll(/^lavfi\.signalstats\.YMIN=(\d+)/gm)].map((match) => Number(match[1]));
  return smallest.some((code) => code < OPAQUE_CODE);
}

const OPAQUE_CODE = 1023;

function chain(kind: MasterKind, transform: ColorTransform, alphaReport: string): string {
  const light = `[0:v]${EVEN},${linearLight(kind !== "opaque")}`;
  if (kind !== "alpha") return `${light},${hlg(transform)}[color]`;
  const report = `signalstats,metadata=print:key=lavfi.signalstats.YMIN:file=${alphaReport}`;
  return [
    `${light},split[c][a]`,
    `[c]${straight(transform)},${hlg(transform)}[color]`,
    `[a]${ALPHA_AS_LUMA},${report}[alpha]`,
  ].join(";");
}
