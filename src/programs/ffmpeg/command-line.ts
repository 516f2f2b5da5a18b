import type { FrameRate } from "#formats/frame-rate.ts";

/**
 * With these FFmpeg fails where it would otherwise go on and give wrong pixels: at a damaged frame, and where it would put in a conversion
 * that nobody asked for, which cuts off all light above 1 or squeezes full range.
 */
const GUARDS = ["-hide_banner", "-nostdin", "-loglevel", "error", "-xerror", "-noauto_conversion_filters", "-y"];

/** How far it is, once a second, on its standard output (see progress.ts). */
const PROGRESS = ["-nostats", "-stats_period", "1", "-progress", "pipe:1"];

/** The command line of a step of the video pipeline. Paths are relative to the folder where it is run, so that none needs escaping. */
export function ffmpegCommandLine(program: string, ...args: readonly string[]): [string, ...string[]] {
  return [program, ...GUARDS, ...PROGRESS, ...args];
}

/** A rate as FFmpeg takes it. */
export function rateText({ numerator, denominator }: FrameRate): string {
  return `${numerator}/${denominator}`;
}

/** Says of a video that it is HLG of BT.2020 at full range: in the stream and, where that has a place for it, in the container. */
export const HLG_TAGS = [
  ...["-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"],
  ...["-color_range", "pc", "-chroma_sample_location", "left"],
];

/** Leaves out what the sources say of themselves, such as the path of the .blend. */
export const NO_METADATA = ["-map_metadata", "-1", "-map_chapters", "-1"];
